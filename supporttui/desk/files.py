"""Where the files of a store lie: attachments and mails, each under the hash of its content.

Beside a store that is a file, so that both are kept, moved and saved together; a store on a
server has them in the platform's data folder, and one in memory in a folder that goes with it.
"""

from __future__ import annotations

import os
import shutil
import stat
import weakref
from pathlib import Path

from supporttui.errors import DataError, NotFound, Refused, StoreError
from supporttui.quickclass import dataclass
from supporttui.store.blobs import Blob, Blobs
from supporttui.store.place import default_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO, Protocol

    from supporttui.store import Store

    from .session import Desk

    class HasFiles(Protocol):
        """The part of the intake settings that says where files lie (`intake.settings.Intake`)."""

        @property
        def files(self) -> Any: ...


FILES = "files"  # the folder beside the store
IN_MEMORY = ":memory:"
CHUNK = 1 << 18
MB = 1_000_000
_temporary: weakref.WeakKeyDictionary[Store, str] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Filing:
    """What the settings say of files.  folder: "": beside the store.  most: bytes of one attachment."""

    folder: str = ""
    most: int = 100 * MB


def filing_of(desk: Desk) -> Filing:
    """What the settings say of a desk's files.  Errors: PolicyError."""
    return desk.filing or Filing()


def blobs_of(where: Desk | Store, settings: HasFiles | None = None) -> Blobs:
    """The files of a store.  settings: of the intake; None: what the desk knows of them, else the usual place."""
    return Blobs(folder_of(where, settings))


def folder_of(where: Desk | Store, settings: HasFiles | None = None) -> Path:
    """The folder of a store's files; need not exist."""
    from supporttui.store import Store

    if settings is not None:
        named = str(settings.files.folder)
    else:
        named = "" if isinstance(where, Store) else filing_of(where).folder
    if named:
        return Path(named).expanduser()
    store = where if isinstance(where, Store) else where.store
    return Path(_of_memory(store)) if store.url == IN_MEMORY else usual_folder(store.url)


def usual_folder(url: str) -> Path:
    """Where the files of the store at this URL lie unless the settings name a folder.

    url: of a file or a server, not of a store in memory.  Files are named by their content, so stores
    that share a folder don't get in each other's way.
    """
    path = url.removeprefix("sqlite:///")
    beside = default_path() if "://" in path else os.path.realpath(os.path.expanduser(path))
    return Path(beside).parent / FILES


def _of_memory(store: Store) -> str:
    """A private folder for as long as the store lives."""
    found = _temporary.get(store)
    if found is None:
        import tempfile

        found = _temporary[store] = tempfile.mkdtemp(prefix="supporttui-files-")
        weakref.finalize(store, shutil.rmtree, found, ignore_errors=True)
    return found


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the folder: how many files, their bytes."""

    files: int
    bytes: int


def kept_in(folder: Path) -> Kept:
    """How much lies in a folder of files.  Errors: StoreError."""
    sizes = [(folder / name[:2] / name).stat().st_size for name in _hashes(folder)]
    return Kept(len(sizes), sum(sizes))


def _shelves(folder: Path) -> Iterator[str]:
    """The folders named by the first two letters of the hashes in them."""
    with os.scandir(folder) as found:
        yield from sorted(one.path for one in found if len(one.name) == 2 and one.is_dir())


@dataclass(frozen=True, slots=True)
class Copied:
    """files, bytes: what was copied.  there: files that lay there already.  damaged: names of files whose
    content is no longer what their name says; they were left out.
    """

    files: int
    bytes: int
    there: int
    damaged: tuple[str, ...] = ()


def copy_all(blobs: Blobs, folder: Path) -> Copied:
    """Copy every file that isn't there yet into a folder, which then serves as the files of a copied store.

    Files never change and are never removed: what is copied after the store holds all that the store names.
    Errors: StoreError.
    """
    to, files, bytes_, there, damaged = Blobs(folder), 0, 0, 0, []
    for name in _hashes(blobs.folder):
        if to.has(name):
            there += 1
            continue
        with blobs.open(name) as file:
            blob = to.put(_chunks(file), most=os.fstat(file.fileno()).st_size)
        files, bytes_ = files + 1, bytes_ + blob.size
        if blob.hash != name:
            damaged.append(name)
    return Copied(files - len(damaged), bytes_, there, tuple(damaged))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _hashes(folder: Path) -> Iterator[str]:
    try:
        for shelf in _shelves(folder):
            with os.scandir(shelf) as found:
                yield from sorted(one.name for one in found if len(one.name) == 64)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{folder}: can't be looked at: {error.strerror}") from None


def put_path(blobs: Blobs, path: Path, *, most: int) -> Blob:
    """Keep a copy of a file that somebody named.  most: bytes.  Errors: NotFound, DataError, StoreError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        raise NotFound(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: can't be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise DataError(f"{path}: is no regular file; name one")
        if found.st_size > most:
            raise DataError(f"{path}: has {found.st_size:,} bytes; {most:,} are allowed")
        return blobs.put(iter(lambda: os.read(descriptor, CHUNK), b""), most=most)
    finally:
        os.close(descriptor)


def save(blobs: Blobs, hash: str, path: Path) -> int:
    """Copy a file out to a path that doesn't exist, for its owner alone; its bytes.

    Half a file never has the name.  Errors: NotFound, Refused, StoreError, DataError for a path that can't be.
    """
    with blobs.open(hash) as file:
        part = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as out:
                    shutil.copyfileobj(file, out, CHUNK)
                    out.flush()
                    os.fsync(out.fileno())
                    size = out.tell()
                _name(part, path)
            finally:
                part.unlink(missing_ok=True)
        except FileExistsError:
            raise Refused(f"{path}: exists already; nothing is overwritten") from None
        except (OSError, ValueError) as error:
            raise DataError(
                f"{path}: can't be written: {getattr(error, 'strerror', None) or error}"
            ) from None
    return size


def _name(part: Path, path: Path) -> None:
    """Give the written file its name unless there is one already."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists() or path.is_symlink():
            raise FileExistsError from None
        os.rename(part, path)

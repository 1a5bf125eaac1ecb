"""Files beside the database, each under its SHA-256, so that the same content lies there once.

Invariant: a name in the folder is the hash of what is under it: a file is written aside, hashed
on the way, synced, and only then renamed to its hash.  Names of senders never become paths.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from supporttui.errors import DataError, NotFound, StoreError
from supporttui.quickclass import dataclass
from supporttui.store.place import create_private, private_mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

CHUNK = 1 << 18
UNFINISHED = 86_400  # seconds after which nobody writes on what lies aside
_HASH = re.compile(r"[0-9a-f]{64}")


class TooLarge(DataError):
    """More bytes than allowed; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Blob:
    """hash: SHA-256, hexadecimal.  size: bytes."""

    hash: str
    size: int


class Blobs:
    """The files of one store.  folder: made at first use, for its owner alone (or the team of the folder it is in)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, chunks: Iterable[bytes], *, most: int) -> Blob:
        """Keep what the chunks make up.  most: bytes.  Errors: TooLarge, StoreError."""
        aside = self._aside()
        try:
            create_private(str(aside), self._mode())
            with open(aside, "wb") as file:
                blob = _copy(chunks, file, most)
                file.flush()
                os.fsync(file.fileno())
            self._name(aside, blob.hash)
        except OSError as error:
            raise StoreError(f"{self.folder}: a file can't be kept there: {error.strerror}") from None
        finally:
            with suppress(OSError):
                os.unlink(aside)
        return blob

    def put_bytes(self, content: bytes) -> Blob:
        """Keep these bytes.  Errors: StoreError."""
        return self.put([content], most=len(content))

    def keep(self, path: str | Path) -> Blob:
        """Keep a file of our own that is on the disk already, such as a mail in the spool: by a link where the file
        system has them.  Errors: StoreError.
        """
        try:
            with open(path, "rb") as file:
                blob = _hashed(file)
                target = self.path(blob.hash)
                if target.is_file():
                    return blob
                self._aside()  # makes the folder, for whom it is for
                self._make(target.parent)
                try:
                    os.link(path, target)
                    os.chmod(target, self._mode())
                except FileExistsError:
                    return blob
                except OSError:  # another file system, or one without links
                    file.seek(0)
                    return self.put(iter(lambda: file.read(CHUNK), b""), most=blob.size)
            _sync(target.parent)
            _sync(self.folder)
        except OSError as error:
            raise StoreError(f"{self.folder}: a file can't be kept there: {error.strerror}") from None
        return blob

    def open(self, hash: str) -> BinaryIO:
        """What lies under a hash, for reading.  Errors: NotFound, StoreError."""
        try:
            return open(self.path(hash), "rb")
        except FileNotFoundError:
            raise NotFound(
                f"the file {hash[:12]} is not in {self.folder}: restore it from a backup"
            ) from None
        except OSError as error:
            raise StoreError(f"{self.folder}: {hash[:12]} can't be read: {error.strerror}") from None

    def has(self, hash: str) -> bool:
        return self.path(hash).is_file()

    def path(self, hash: str) -> Path:
        """Where a hash lies.  Errors: NotFound for what is no hash."""
        if not _HASH.fullmatch(hash):
            raise NotFound(f"'{hash[:80]}' is no hash of a file")
        return self.folder / hash[:2] / hash

    def sweep(self, now: float) -> int:
        """Remove what was never finished, since whoever wrote it was killed; how many.  now: seconds since 1970."""
        removed = 0
        with suppress(OSError), os.scandir(self.folder / "aside") as found:
            for one in found:
                with suppress(OSError):
                    if one.is_file(follow_symlinks=False) and now - one.stat().st_mtime > UNFINISHED:
                        os.unlink(one.path)
                        removed += 1
        return removed

    def _aside(self) -> Path:
        aside = self.folder / "aside"
        try:
            if not aside.is_dir():
                self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._make(self.folder)
                self._make(aside)
        except OSError as error:
            raise StoreError(f"{self.folder}: the folder for files can't be made: {error.strerror}") from None
        return aside / secrets.token_hex(16)

    def _mode(self) -> int:
        """0600, or 0660 where the folder is a team's."""
        return private_mode(str(self.folder))

    def _make(self, folder: Path) -> None:
        """A folder for the owner alone, or for the team of the folder that it is in."""
        team = private_mode(str(folder.parent)) == 0o660
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            return
        if team:
            folder.chmod(0o2770)
        _sync(folder.parent)

    def _name(self, aside: Path, hash: str) -> None:
        path = self.path(hash)
        self._make(path.parent)
        if not path.is_file():
            os.rename(aside, path)
            _sync(path.parent)
            _sync(self.folder)


def _hashed(file: BinaryIO) -> Blob:
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Blob(digest.hexdigest(), size)


def _copy(chunks: Iterable[bytes], file: BinaryIO, most: int) -> Blob:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise TooLarge(f"larger than {most:,} bytes")
        digest.update(chunk)
        file.write(chunk)
    return Blob(digest.hexdigest(), size)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

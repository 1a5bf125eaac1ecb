"""The folder that the site's FTP or SFTP daemon fills: each file is taken once it stands still.

Whoever uploads owns what lies there, so nothing in it is believed: every step goes from an open
folder to a name in it without following links, and what is read is what was looked at.  A file is
copied, hashed and synced under its hash, then written down in one transaction, then unlinked; whatever
breaks off in between leaves it there to be taken again, and it is known again by its hash.  Nothing is
unpacked, and no name becomes a path.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress

from supporttui.desk.session import Desk
from supporttui.errors import PolicyError, StoreBusy, StoreError, SupportError
from supporttui.quickclass import dataclass
from supporttui.store.blobs import Blobs, TooLarge

from . import upload_records
from .settings import MB, UploadsTable
from .upload_records import Left, Taken

MOST_ENTRIES = 20_000  # names that one look reads of each folder at the top, and of the files beside them
MOST_TAKEN = 500  # files that one look takes; the rest follow at the next
DEEPEST = 6  # folders within folders
CHUNK = 1 << 18
KEEP_FREE = 200 * MB  # bytes that a copy leaves on the disk
EMPTY_WAITS = 10  # looks at an empty file before it is taken: most are about to be filled
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

Still = tuple[int, int, int, int]  # device, inode, size, mtime in ns


@dataclass(frozen=True, slots=True)
class Look:
    """What one look did.  waiting: files that were not yet seen often enough, or that are being sent.
    trouble: why it could not be done to its end, "" for nothing.
    """

    taken: tuple[Taken, ...] = ()
    left: tuple[Left, ...] = ()
    waiting: int = 0
    trouble: str = ""


class Changed(Exception):
    """The file changed while it was copied."""


class Uploads:
    """One folder, looked at again and again.  Made for one desk, whose actor is said to have taken the files.

    Errors: PolicyError for an owner that this machine doesn't have.
    """

    def __init__(self, desk: Desk, table: UploadsTable, blobs: Blobs) -> None:
        self.desk = desk
        self.table = table
        self.blobs = blobs
        self.folder = os.path.expanduser(table.folder)
        self._owners = _ids(table.owners)
        self._root = -1
        self._turn: str | None = (
            None  # the folder at the top in which a look ended early; "": the files beside them
        )
        self._seen: dict[tuple[str, ...], tuple[Still, int]] = {}
        self._told: set[tuple[str, ...]] = set()
        self._done: dict[tuple[str, ...], Still] = {}  # taken, but could not be unlinked

    def close(self) -> None:
        if self._root >= 0:
            os.close(self._root)
            self._root = -1

    def look(
        self, stop: Callable[[], bool] = lambda: False, meanwhile: Callable[[], object] = lambda: None
    ) -> Look:
        """Look once and take what stands still.  meanwhile: called now and then while files are copied.

        Nothing that lies in the folder raises; trouble with the store or the folder is told.
        """
        self._meanwhile = meanwhile
        self._taken: list[Taken] = []
        self._left: list[Left] = []
        self._now: dict[tuple[str, ...], tuple[Still, int]] = {}
        self._names = 0
        self._matching = upload_records.Matching(self.desk, self.table)
        trouble = ""
        early = True
        try:
            self._open_root()
            with closing(self._all()) as steps:
                for _ in steps:
                    if stop() or len(self._taken) >= MOST_TAKEN:
                        break
                else:
                    early = False
        except SupportError as error:
            trouble = str(error)
        except OSError as error:
            trouble = f"{self.folder}: can't be looked at: {error.strerror}"
        # A look that ended early still knows of what it didn't reach.
        self._seen = {**self._seen, **self._now} if early else self._now
        self._told &= set(self._now) | {one.key for one in self._left}
        taken = {one.key for one in self._taken}
        return Look(tuple(self._taken), tuple(self._left), len(self._now.keys() - taken), trouble)

    # -- walking ----------------------------------------------------------------------------------

    def _open_root(self) -> None:
        """The folder, opened once; again only when another one has taken its name."""
        try:
            named = os.stat(self.folder)
            if self._root >= 0 and os.path.samestat(named, os.fstat(self._root)):
                return
            self.close()
            self._root = os.open(self.folder, _FOLDER)
        except OSError as error:
            hint = "; make it, or name another in [uploads]" if isinstance(error, FileNotFoundError) else ""
            raise StoreError(
                f"{self.folder}: the folder for uploads can't be opened: {error.strerror}{hint}"
            ) from None

    def _all(self) -> Generator[None, None, None]:
        """Folder after folder at the top, each with a share of its own; the one after that where a look ended first."""
        files, below = self._listed(self._root, ())
        for top in _after(["", *below], self._turn):
            self._turn, self._names = top, 0
            if top:
                yield from self._folder(self._root, (), top)
            else:
                yield from self._files(self._root, (), files)
        self._turn = None

    def _folder(self, outer: int, above: tuple[str, ...], name: str) -> Generator[None, None, None]:
        """Everything in a folder, then in the folders in it; a step after each name."""
        with suppress(OSError), _opened(name, _FOLDER | _NOFOLLOW, outer) as folder:
            here = (*above, name)
            files, below = self._listed(folder, here)
            yield from self._files(folder, here, files)
            for inner in below if len(here) < DEEPEST else ():
                yield from self._folder(folder, here, inner)

    def _files(self, folder: int, above: tuple[str, ...], names: list[str]) -> Generator[None, None, None]:
        for name in names:
            self._file(folder, above, name)
            yield

    def _listed(self, folder: int, above: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """The names of files and of folders in an open folder, as many as its share allows."""
        files: list[str] = []
        below: list[str] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                self._names += 1
                if self._names > (MOST_ENTRIES if above else 10 * MOST_ENTRIES):
                    break
                kept = below if entry.is_dir(follow_symlinks=False) else files
                if not entry.name.startswith(".") and len(kept) < MOST_ENTRIES:
                    kept.append(entry.name)
        if above and self._names > MOST_ENTRIES:
            self._leave(
                above,
                f"the folder has more than {MOST_ENTRIES:,} names: the rest is not looked at",
                told=True,
            )
        return files, sorted(below)

    # -- one file ---------------------------------------------------------------------------------

    def _file(self, folder: int, above: tuple[str, ...], name: str) -> None:
        key = (*above, name)
        try:
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            return  # gone meanwhile
        if self._done.get(key) == _still(found):
            return
        if why := self._refused(found):
            self._leave(key, why, told=True)
            return
        if name.lower().endswith(tuple(one.lower() for one in self.table.partial)):
            self._now[key] = (_still(found), 0)
            return
        before, times = self._seen.get(key, (None, 0))
        times = times + 1 if before == _still(found) else 1
        self._now[key] = (_still(found), times)
        if times >= (self.table.looks if found.st_size else max(self.table.looks, EMPTY_WAITS)):
            self._take(folder, key, _still(found))

    def _refused(self, found: os.stat_result) -> str:
        """Why this is never taken, in words; "" for a regular file with one name, of the right owner and size."""
        mode = found.st_mode
        if not stat.S_ISREG(mode):
            return "a symbolic link" if stat.S_ISLNK(mode) else "no regular file"
        if found.st_nlink != 1:
            return f"a file with {found.st_nlink} names (hard links)"
        if self._owners is not None and found.st_uid not in self._owners:
            return f"of another owner (uid {found.st_uid})"
        most = self.table.most_mb * MB
        return f"{found.st_size:,} bytes, {most:,} are allowed" if found.st_size > most else ""

    def _take(self, folder: int, key: tuple[str, ...], still: Still) -> None:
        try:
            with _opened(key[-1], os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | _NOFOLLOW, folder) as file:
                opened = os.fstat(file)
                if _still(opened) != still or self._refused(opened) or _being_written(file):
                    return
                if why := self._no_room(still[2]) or upload_records.too_many(self.desk, self._matching, key):
                    self._leave(key, why)
                    return
                blob = self.blobs.put(self._chunks(file, still), most=self.table.most_mb * MB)
                self._taken.append(upload_records.keep(self.desk, self._matching, self.blobs, blob, key))
                self._unlink(folder, key, file, still)
        except (Changed, TooLarge):
            self._now[key] = (still, 0)
        except StoreBusy:
            raise
        except SupportError as error:
            self._leave(key, str(error))
        except OSError as error:
            self._leave(key, f"can't be read: {error.strerror}")

    def _chunks(self, file: int, still: Still) -> Iterator[bytes]:
        """The content of an open file, which at its end must still be the one that was looked at."""
        while chunk := os.read(file, CHUNK):
            yield chunk
            self._meanwhile()
        if _still(os.fstat(file)) != still:
            raise Changed

    def _unlink(self, folder: int, key: tuple[str, ...], file: int, still: Still) -> None:
        """Take the name away, if it is still that of the file that was copied."""
        try:
            named = os.stat(key[-1], dir_fd=folder, follow_symlinks=False)
            if _still(named) == still == _still(os.fstat(file)):
                os.unlink(key[-1], dir_fd=folder)
                self._now.pop(key, None)
        except FileNotFoundError:
            return
        except OSError as error:
            self._done[key] = still
            self._leave(key, f"was taken but can't be removed: {error.strerror}")

    def _no_room(self, size: int) -> str:
        """Why a copy of so many bytes would fill the disk; "" when it won't, or where that can't be told."""
        folder = self.blobs.folder if self.blobs.folder.is_dir() else self.blobs.folder.parent
        try:
            found = os.statvfs(folder)
        except (AttributeError, OSError):
            return ""
        free = found.f_bavail * found.f_frsize
        return "" if free - size >= KEEP_FREE else f"the disk of {folder} is nearly full"

    def _leave(self, key: tuple[str, ...], why: str, *, told: bool = False) -> None:
        """Leave a file where it is.  told: to a person, once."""
        left = Left(key, why)
        if told and key not in self._told:
            self._told.add(key)
            upload_records.tell_left(self.desk, left)
        self._left.append(left)


def _still(found: os.stat_result) -> Still:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _after(names: list[str], last: str | None) -> list[str]:
    """The same names, beginning behind one of them."""
    begin = names.index(last) + 1 if last is not None and last in names else 0
    return [*names[begin:], *names[:begin]]


@contextmanager
def _opened(name: str, flags: int, folder: int) -> Iterator[int]:
    descriptor = os.open(name, flags, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _being_written(file: int) -> bool:
    """Whether somebody has the file open for writing, where Linux tells us: of our own files, or to root.

    A client that stalls looks like one that is done; a lease for reading is refused while there is a writer.
    """
    try:
        import fcntl
        import signal

        fcntl.fcntl(file, 10, signal.SIGURG)  # F_SETSIG: what breaks a lease says so by a signal nobody minds
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except (ImportError, AttributeError, OSError):
        return False
    with suppress(OSError):
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def _ids(owners: tuple[str, ...]) -> frozenset[int] | None:
    """The users of these names or numbers; None: any.  Errors: PolicyError for one that isn't there."""
    if not owners:
        return None
    import pwd

    found = set()
    for owner in owners:
        try:
            found.add(int(owner) if owner.isdigit() else pwd.getpwnam(owner).pw_uid)
        except KeyError:
            raise PolicyError(f"uploads.owners: there is no user '{owner}' on this machine") from None
    return frozenset(found)

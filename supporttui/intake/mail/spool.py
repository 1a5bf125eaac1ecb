"""Mails that were taken over and are no tickets yet: each a file that is on the disk before anybody is told so.

Invariant: a name in the folder that ends in ".mail" is a whole mail, byte by byte as it came, and it
is taken away only after its ticket was committed.  Nothing is imported here that the gateway's
short way does not need.
"""

from __future__ import annotations

import errno
import os
import time

from supporttui.store.place import FILE_NAME, default_path, sync

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:
    fcntl = None

FOLDER, SUFFIX, ASIDE = "spool", ".mail", ".part"
MOST = 1 << 30  # bytes that one mail may have at all; what is above `most_mb` is kept, and not read
LOOSE = 0o022  # modes that let others write
_READ = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):
    _READ |= getattr(os, _flag, 0)
STALE = 86_400  # seconds after which what was half-written is nobody's any more
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@.-_=")
_LONGEST = 160  # characters of an envelope address in a file's name


class TooLarge(OSError):
    """More bytes than any mail may have; nothing was kept."""


def folder_for(store: str, named: str = "") -> str:
    """The spool of a store: beside it, or in the folder that the settings name for files.

    store: as the settings name it, "" for the usual one; of a server, what is beside the usual one.  Stores
    that share a folder have spools of their own.
    """
    path = os.path.expanduser(store.removeprefix("sqlite:///"))
    if "://" in path:
        scheme, _mark, rest = path.partition("://")
        place = rest.rpartition("@")[2]  # whoever connects, and by what password
        name = "".join(one if one.isalnum() else "-" for one in f"{scheme}-{place}")[:100]
        path = os.path.join(os.path.dirname(default_path()), name)
    else:
        path = os.path.realpath(path) if path else default_path()
    name = os.path.basename(path)
    folder = FOLDER if name == FILE_NAME else f"{FOLDER}-{name}"
    return os.path.join(os.path.expanduser(named) if named else os.path.dirname(path), folder)


def make(folder: str) -> None:
    """Make the spool's folder if it isn't there; not the one that it is in, unless that is the usual one.

    A store whose name was mistyped shall not make folders.  Errors: OSError, also for one that others may write in.
    """
    beside = os.path.dirname(folder)
    if beside == os.path.dirname(default_path()):
        os.makedirs(beside, mode=0o700, exist_ok=True)
    try:
        os.mkdir(folder, mode=0o700)
    except FileExistsError:
        found = os.stat(folder)
        if found.st_mode & LOOSE:
            raise PermissionError(errno.EACCES, "others may write there; chmod 700 it", folder) from None
        if not is_private(found):
            raise PermissionError(errno.EACCES, "it belongs to somebody else; chown it", folder) from None


def is_private(found: os.stat_result) -> bool:
    """Whether nobody but us and root can put anything into a folder; root works for whoever owns it."""
    own = getattr(os, "geteuid", lambda: 0)()
    return not found.st_mode & LOOSE and (not own or found.st_uid in (own, 0))


def put(folder: str, chunks: Iterable[bytes], *, envelope: str = "") -> str:
    """Keep a mail; its name.  On return it is on the disk.  envelope: its sender, "" when nobody told.

    Errors: OSError, TooLarge among them.
    """
    make(folder)
    name = f"{time.time_ns():019d}-{os.urandom(8).hex()}{_in_name(envelope)}{SUFFIX}"
    aside = os.path.join(folder, name + ASIDE)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        try:
            _write(handle, chunks)
            os.fsync(handle)
        finally:
            os.close(handle)
        os.rename(aside, os.path.join(folder, name))
    except BaseException:
        _remove(aside)
        raise
    sync(folder)
    return name


def waiting(folder: str) -> list[str]:
    """The names of the mails that lie there, the oldest first; what was half-written long ago goes."""
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    for name in names:
        if name.endswith(ASIDE) and age(folder, name) > STALE:
            _remove(os.path.join(folder, name))
    return [name for name in names if is_name(name)]


def drop_twin(folder: str, name: str) -> None:
    """Take a mail away if an older one with the same bytes and envelope lies there: of two that fail together one stays.

    Only who is about to say "try again" of this mail may: it will be handed over again and again, and one copy is
    enough to lie here meanwhile.
    """
    path, envelope = os.path.join(folder, name), name.partition("+")[2]
    try:
        size = os.stat(path).st_size
        for other in waiting(folder):
            if other >= name:
                return
            if other.partition("+")[2] == envelope and _alike(os.path.join(folder, other), path, size):
                _remove(path)
                return
    except OSError:
        pass  # what can't be compared stays


def is_name(name: str) -> bool:
    """Whether this may be the name of a mail in the folder; nothing else is ever opened."""
    return name.endswith(SUFFIX) and "/" not in name and "\x00" not in name and not name.startswith(".")


def envelope_in(name: str) -> str:
    """The envelope's sender that was kept with a mail: an address, "<>" for none, "" when nobody told."""
    _before, plus, quoted = name.removesuffix(SUFFIX).partition("+")
    if not plus:
        return ""
    first, *rest = quoted.split("%")
    try:
        raw = first.encode() + b"".join(bytes([int(one[:2], 16)]) + one[2:].encode() for one in rest)
    except ValueError:
        return ""
    return raw.decode("utf-8", "replace")


def arrived_in(name: str) -> datetime | None:
    """When a mail was taken over, aware UTC; None for a name that doesn't say."""
    from datetime import UTC, datetime

    nanoseconds = name.partition("-")[0]
    if not (nanoseconds.isascii() and nanoseconds.isdigit() and len(nanoseconds) == 19):
        return None
    return datetime.fromtimestamp(int(nanoseconds) // 10**9, UTC)


class Claim:
    """One mail of the spool while it is worked on: no other process works on it."""

    def __init__(self, folder: str, name: str, handle: int) -> None:
        self.folder = folder
        self.name = name
        self.path = os.path.join(folder, name)
        self.envelope = envelope_in(name)
        self._handle = handle

    def done(self) -> None:
        """Its ticket is committed: take it away."""
        _remove(self.path)
        self.release()

    def release(self) -> None:
        """Let others have it, if it is still there."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)


def claim(folder: str, name: str, *, wait: bool = False) -> Claim | None:
    """Work on a mail; None when it is gone, as its ticket is there, or when somebody else works on it.

    wait: until they are done, so that None means gone.  Errors: OSError.
    """
    path = os.path.join(folder, name)
    try:
        handle = os.open(path, _READ)
    except FileNotFoundError:
        return None
    try:
        if (os.fstat(handle).st_mode & 0o170000) != 0o100000:
            raise OSError(errno.EINVAL, "is no mail; take it away", path)
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        if os.path.samestat(os.fstat(handle), os.stat(path)):
            return Claim(folder, name, handle)
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _write(handle: int, chunks: Iterable[bytes]) -> None:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST:
            raise TooLarge(f"a mail of more than {MOST:,} bytes is not taken")
        view = memoryview(chunk)
        while view:
            view = view[os.write(handle, view) :]


def _alike(path: str, other: str, size: int) -> bool:
    """Whether two files of ours hold the same bytes.  size: of the other one."""
    if os.stat(path).st_size != size:
        return False
    with open(path, "rb") as one, open(other, "rb") as two:
        while piece := one.read(1 << 18):
            if piece != two.read(1 << 18):
                return False
    return True


def _in_name(envelope: str) -> str:
    if not envelope:
        return ""
    raw = envelope.encode("utf-8", "surrogateescape")
    quoted = "".join(chr(one) if one in _SAFE else f"%{one:02X}" for one in raw)
    return f"+{quoted}" if len(quoted) <= _LONGEST else ""


def age(folder: str, name: str) -> float:
    """Seconds since a file of the folder was written; 0 for one that is gone."""
    try:
        return time.time() - os.stat(os.path.join(folder, name)).st_mtime
    except OSError:
        return 0.0


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass

"""Where the store lives, and whether a store may live there.

Invariant: a file is created for its owner alone (or for its team folder), and never
opened where SQLite's locks and shared memory can't be trusted.  An existing store file
is never opened past SQLite: closing any descriptor of it would drop this process's locks.
"""

from __future__ import annotations

import os
import stat
import sys

from supporttui.errors import NotFound, StoreError, StoreUnfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

FILE_NAME = "desk.sqlite3"
_POSIX = os.name == "posix"
_LINUX = sys.platform.startswith("linux")

_NETWORK_TYPES: Final = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "ceph",
        "glusterfs",
        "virtiofs",
        "afs",
        "lustre",
        "gpfs",
        "beegfs",
        "ocfs2",
        "gfs2",
        "davfs",
        "vboxsf",
        "fuse.sshfs",
        "fuse.glusterfs",
        "fuse.ceph",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.davfs2",
        "fuse.nfs",
    ]
)


def default_path() -> str:
    """The store's path when the user names none: `desk.sqlite3` in the platform's data folder.

    On Linux this is the XDG rule that platformdirs applies too, written out because
    loading platformdirs costs a third of the time in which `list` must answer.
    """
    if _LINUX:
        base = os.environ.get("XDG_DATA_HOME", "").strip()
        if not os.path.isabs(base):
            base = os.path.expanduser("~/.local/share")
        return os.path.join(base, "supporttui", FILE_NAME)
    import platformdirs

    return os.path.join(platformdirs.user_data_dir("supporttui", False), FILE_NAME)


def prepare(path: str, *, create: bool, is_default: bool) -> bool:
    """Check folder and file, create an empty file when asked to; True when the store file is new.

    Raises NotFound (no such store and not `create`), StoreUnfit (modes, kind of file,
    network file system) or StoreError (the folder is missing or can't be written).
    """
    folder = os.path.dirname(path)
    if is_default and create:
        _make_folder(folder)
    _check_folder(folder, path)
    try:
        found = os.stat(path)
    except FileNotFoundError:
        if not create:
            raise NotFound(
                f"no store at {path}; check --store, or let `supporttui report` create it"
            ) from None
        return _create(path, folder)
    except OSError as error:
        raise StoreError(f"the store {path} can't be read: {error.strerror}") from None
    _check_file(path, found, folder)
    return found.st_size == 0


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder {folder} can't be made: {error.strerror}") from None


def _check_folder(folder: str, path: str) -> None:
    try:
        found = os.stat(folder)
    except OSError as error:
        reason = error.strerror or "unknown"
        raise StoreError(f"no folder {folder} for the store ({reason}); make it, or check --store") from None
    if not stat.S_ISDIR(found.st_mode):
        raise StoreError(f"{folder} is not a folder, so there is no store at {path}; check --store")
    if _POSIX and found.st_mode & stat.S_IWOTH:
        # A sticky folder is the system's (/tmp): its mode is not for us to advise on.
        cure = "" if found.st_mode & stat.S_ISVTX else f" (chmod o-w {folder})"
        raise _unfit(
            path,
            f"anyone may write in the folder {folder}, so a store there is not safe; "
            f"use a folder of your own{cure}",
        )
    kind = filesystem_type(os.path.realpath(path))
    if kind in _NETWORK_TYPES:
        raise StoreUnfit(
            f"{path} is on a network file system ({kind}), where SQLite's locks can't be trusted; "
            "use a local disk, or a postgresql:// store"
        )


def _check_file(path: str, found: os.stat_result, folder: str) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise StoreUnfit(f"{path} is a folder, not a store; name the file in it")
    if not stat.S_ISREG(found.st_mode):
        raise StoreUnfit(f"{path} is not a regular file, so it can't be a store")
    if not _POSIX:
        return
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o007:
        raise _unfit(path, f"the store {path} is open to everyone (mode {mode:04o}); chmod 600 {path}")
    if mode & 0o070 and not _is_team_folder(folder):
        raise _unfit(
            path,
            f"the store {path} is open to its group (mode {mode:04o}); chmod 600 {path}, "
            "or keep it in a team folder (chmod 2770)",
        )


def _unfit(path: str, advice: str) -> StoreError:
    """The advice on modes, unless the file is no store at all: its modes are none of our business."""
    from supporttui.store.header import foreign

    if os.path.isfile(path):
        try:
            advice = foreign(path) or advice
        except OSError as error:
            return StoreError(f"{path} can't be read ({error.strerror}), so it is no store; check --store")
    return StoreUnfit(advice)


def identity(path: str) -> tuple[int, int]:
    """What tells a file from another one that has taken its name: device and inode; OSError when gone."""
    found = os.stat(path)
    return found.st_dev, found.st_ino


def is_read_only(path: str) -> bool:
    """Whether a path is on a file system that is mounted for reading only; False where that can't be told."""
    if not hasattr(os, "statvfs"):
        return False
    try:
        return bool(os.statvfs(os.path.dirname(path)).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _is_team_folder(folder: str) -> bool:
    """A folder that a group shares on purpose: setgid and writable by the group."""
    wanted = stat.S_ISGID | stat.S_IWGRP
    return _POSIX and os.stat(folder).st_mode & wanted == wanted


def private_mode(folder: str) -> int:
    """The mode for new files in a folder: 0660 in a team folder, else 0600."""
    return 0o660 if _is_team_folder(folder) else 0o600


def _create(path: str, folder: str) -> bool:
    """Make the empty file before SQLite does, because SQLite would obey the umask only."""
    try:
        create_private(path, private_mode(folder))
        sync(folder)  # a power cut must not take the file's name away with everything saved in it
    except FileExistsError:
        return False  # another process was faster; it is as good as ours
    except OSError as error:
        raise StoreError(f"the store {path} can't be created: {error.strerror}") from None
    return True


def create_private(path: str, mode: int = 0o600) -> None:
    """Create an empty file that did not exist, with exactly this mode.  FileExistsError when it did."""
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags, 0o600)
    try:
        if _POSIX and mode != 0o600:
            os.fchmod(handle, mode)
    finally:
        os.close(handle)


def sync(path: str) -> None:
    """Wait until a file's content, or a folder's names, are on the disk."""
    if not _POSIX and os.path.isdir(path):
        return  # Windows keeps its folders itself
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def filesystem_type(path: str, mounts: str = "/proc/self/mountinfo") -> str:
    """The type of the file system that holds an absolute path; "" where that can't be told."""
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        left, _, right = line.partition(" - ")
        parts = left.split(" ")
        if len(parts) < 5:
            continue
        point = _unescape(parts[4])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:  # a later mount on the same point hides the earlier
            best, kind = len(point), right.split(" ")[0]
    return kind


def _unescape(field: str) -> str:
    """Undo the octal escapes that mountinfo writes for blanks, tabs, newlines and backslashes."""
    if "\\" not in field:
        return field
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, char)
    return field

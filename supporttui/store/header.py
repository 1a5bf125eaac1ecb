"""Whether a file is a store at all, told from its first bytes before anything is advised about it.

The bytes are read through SQLite's own file layer: a descriptor opened past it would drop
the locks that this process holds on the same file when it is closed.
Source of the offsets: "Database File Format", sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import errno
import os

import apsw

from supporttui.store.sqlite import APPLICATION_ID

_MAGIC = b"SQLite format 3\0"
_HEAD = 108  # the header of the file (100 bytes) and that of the schema's first page
_EMPTY_SCHEMA = b"\x0d"  # a leaf page, of which the count of entries is 0


def foreign(path: str) -> str:
    """The one line that says why a regular file is no store of ours; "" when it is or may become one.

    An empty file and a database without tables become stores.  OSError when it can't be read.
    """
    head = _head(path)
    if head and not head.startswith(_MAGIC):
        return f"{path} is not a supporttui store (not an SQLite file); check --store"
    mark = int.from_bytes(head[68:72], "big")
    tables = head[100:101] != _EMPTY_SCHEMA or any(head[103:105])
    if head and mark != APPLICATION_ID and (mark or tables):
        return f"{path} is an SQLite file of another program, not a supporttui store; check --store"
    return ""


def _head(path: str) -> bytes:
    try:
        file = apsw.VFSFile("", path, [apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_MAIN_DB, 0])
    except apsw.CantOpenError:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path) from None
    try:
        return bytes(file.xRead(_HEAD, 0))
    except apsw.Error as error:
        raise OSError(errno.EIO, str(error), path) from None
    finally:
        file.xClose()

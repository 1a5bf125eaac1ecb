"""Writing files that the user names: whole or not at all, for their owner alone, never over another by accident."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, TextIO

from supporttui.errors import Refused, StoreError

if TYPE_CHECKING:
    from .session import Session


@contextmanager
def output_file(session: Session, path: str, what: str, *, force: bool = False) -> Iterator[TextIO]:
    """A text file that appears under its name only when the block ends well.

    Errors: Refused when it exists (without force) or in restricted mode; StoreError
    when the folder can't be written.
    """
    session.no_named_files(what)
    target = Path(path)
    if target.is_dir():
        raise Refused(f"{path}: is a folder; name a file in it")
    if target.exists() and not force:
        raise Refused(f"{path}: exists already; --force overwrites it")
    part = target.with_name(f".{target.name}.{token_hex(4)}")
    try:
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: can't be written: {error.strerror}") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _place(part, target, force)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _place(part: Path, target: Path, force: bool) -> None:
    """Give the finished file its name; a link fails where a rename would silently overwrite."""
    if force or not hasattr(os, "link"):
        part.replace(target)
        return
    try:
        os.link(part, target)
    except FileExistsError:
        raise Refused(f"{target}: exists already; --force overwrites it") from None
    except OSError:
        part.replace(target)  # a file system without links
        return
    part.unlink()

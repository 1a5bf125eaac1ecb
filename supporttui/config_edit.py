"""One setting written into the user's settings file, everything else in it left as it is.

Comments, order and blank lines stay.  Invariant: the file is read back before
it is put in place, and is put there only if it says what it said before with
that one setting changed.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import tomllib
from pathlib import Path

from supporttui.errors import UsageError

_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


def write_setting(file: Path, name: str, value: str) -> None:
    """Set `name` to a text in `file`, which is made when there is none.

    Errors: UsageError, one line that says what to do, when the file can't be read or written.
    """
    file = Path(os.path.realpath(file))  # a link to a file kept elsewhere stays a link
    by_hand = f"write {name} = {_quoted(value)} into it yourself"
    try:
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        before = tomllib.loads(old)
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: can't be read: {_reason(error)}; {by_hand}") from None
    new = edited(old, name, value)
    try:
        after = tomllib.loads(new)
    except tomllib.TOMLDecodeError:
        after = {}
    if after != {**before, name: value}:
        raise UsageError(f"{file}: {name} is written in a way that can't be changed from here; {by_hand}")
    try:
        _replace(file, new)
    except OSError as error:
        raise UsageError(f"{file}: can't be written: {_reason(error)}; {by_hand}") from None


def edited(text: str, name: str, value: str) -> str:
    """The text of a settings file with one top-level setting changed, or added before its first table."""
    line = re.compile(rf"^([ \t]*{re.escape(name)}[ \t]*=[ \t]*)(\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)
    table = _TABLE.search(text)
    top = table.start() if table else len(text)
    found = line.search(text, 0, top)
    if found:
        return f"{text[: found.start(2)]}{_quoted(value)}{text[found.end(2) :]}"
    head = text[:top]
    gap = "" if not head or head.endswith("\n") else "\n"
    return f"{head}{gap}{name} = {_quoted(value)}\n{text[top:]}"


def _replace(file: Path, text: str) -> None:
    """Write beside it, then rename over it: a full disk leaves the old file."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = file.stat().st_mode & 0o777 if file.exists() else 0o600
    if file.exists() and not os.access(file, os.W_OK):
        raise PermissionError(13, "it is read-only")
    descriptor, scratch = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(scratch, mode)
        os.replace(scratch, file)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(scratch)
        raise


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _reason(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", "") or error).split())

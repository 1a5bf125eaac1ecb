"""`views.toml`: the views of one person, in a file that they may also write by hand.

    [[view]]
    name = "Acme"
    query = 'customer:"Acme Corp" open'
    order = 3        # place among the tabs; without it behind the others, in the file's order
    hidden = false   # true: no tab; without a query this hides a view of that name from elsewhere
    bell = false     # true: rings when a ticket comes into it

Everything that is wrong is told in one line that names the file, the line and
the key, and for a query the column.  A view with a faulty query stays a view:
it is shown with its fault.  What this program writes into the file leaves
every other line as it was, comments too.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from supporttui.config import config_folder, nearest
from supporttui.errors import DataError, QueryError, UsageError
from supporttui.quickclass import dataclass
from supporttui.store.records import View

FILE = "views.toml"
MOST_BYTES = 1_000_000
MOST_VIEWS = 200
KEYS: dict[str, type] = {"name": str, "query": str, "order": int, "hidden": bool, "bell": bool}
KIND = {str: "text in quotes", int: "a whole number", bool: "true or false"}
HEADER = re.compile(r"\s*\[\[\s*view\s*\]\]")
KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


Source = Literal["built-in", "desk", "own", "file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedView(View):
    """A view with where it comes from.

    bell: rings when a ticket comes into it.  fault: why its query can't be read, "" when it can.
    """

    source: Source = "built-in"
    bell: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A view as the file has it.

    query: None when the file only says something about a view from elsewhere.
    line: of its [[view]], counted from 1.  fault: why its query can't be read, "" when it can.
    """

    name: str
    query: str | None = None
    order: int = 0
    hidden: bool = False
    bell: bool = False
    line: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ViewFile:
    """What the file gave.  faults: one full line each; with any of them other views still work."""

    path: Path
    views: tuple[FileView, ...] = ()
    faults: tuple[str, ...] = ()


def view_file(environ: Mapping[str, str]) -> Path:
    """Where a person's views are kept; need not exist."""
    return config_folder(environ) / FILE


def stamp(path: Path | None) -> tuple[int, int, int]:
    """Changes when the file was changed, added or removed; costs one look at the folder."""
    if path is None:
        return (0, 0, 0)
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def read(path: Path | None) -> ViewFile:
    """The file's views and faults; no file is no views.  Never raises for what the file holds."""
    if path is None:
        return ViewFile(Path(FILE))
    try:
        text = _text(path)
        given = _decoded(text)
    except UsageError as error:
        return ViewFile(path, (), (f"{path}: {error}",))
    return _Reader(path, text, given).read()


def _text(path: Path) -> str:
    try:
        if not path.exists():
            return ""
        if not path.is_file():
            raise UsageError("not a file")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror}") from None
    if len(raw) > MOST_BYTES:
        raise UsageError("too large for a file of views")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"byte {error.start + 1} is not UTF-8") from None


def _decoded(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not TOML: {' '.join(str(error).split())}") from None


class _Reader:
    """One reading of one file: gathers what is wrong instead of stopping at it."""

    def __init__(self, path: Path, text: str, given: Mapping[str, Any]) -> None:
        self.path = path
        self.given = given
        self.faults: list[str] = []
        self.lines = text.splitlines()
        self.starts = [at for at, line in enumerate(self.lines, 1) if HEADER.match(line)]

    def read(self) -> ViewFile:
        for name in self.given:
            if name != "view":
                self._wrong(
                    self._line_of(name, 1), name, f"unknown{nearest(name, ('view',))}; write [[view]]"
                )
        tables = self.given.get("view", [])
        if not (isinstance(tables, list) and all(isinstance(one, dict) for one in tables)):
            self._wrong(0, "view", "must be written [[view]], once for each view")
            tables = []
        if len(tables) > MOST_VIEWS:
            self._wrong(0, "view", f"{len(tables)} views; the first {MOST_VIEWS} are used")
        found: dict[str, FileView] = {}
        for at, table in enumerate(tables[:MOST_VIEWS]):
            view = self._view(at, table, len(tables))
            if view is not None and view.name.casefold() in found:
                first = found[view.name.casefold()].line
                self._wrong(view.line, "name", f"'{view.name}' is the name of the view in line {first} too")
            elif view is not None:
                found[view.name.casefold()] = view
        return ViewFile(self.path, tuple(found.values()), tuple(self.faults))

    def _view(self, at: int, table: Mapping[str, Any], count: int) -> FileView | None:
        start = self.starts[at] if len(self.starts) == count else 0
        before = len(self.faults)
        for key, value in table.items():
            if key not in KEYS:
                self._wrong(self._line_of(key, start), key, f"unknown{nearest(key, KEYS)}")
            elif type(value) is not KEYS[key]:
                self._wrong(self._line_of(key, start), key, f"must be {KIND[KEYS[key]]}, not {value!r:.40}")
        if not str(table.get("name", "")).strip():
            self._wrong(start, "name", "is missing: every view needs one")
        elif "query" not in table and table.get("hidden") is None and "order" not in table:
            self._wrong(start, "query", f"is missing; the view '{table['name']}' shows nothing without one")
        if len(self.faults) > before:
            return None
        return FileView(
            name=" ".join(str(table["name"]).split())[:60],
            query=table.get("query"),
            order=table.get("order", 0),
            hidden=table.get("hidden", False),
            bell=table.get("bell", False),
            line=start,
            fault=self._fault(table.get("query"), start),
        )

    def _fault(self, query: str | None, start: int) -> str:
        """What is wrong with the query; the view is kept with it."""
        try:
            from .query import parse

            parse(query or "")
        except QueryError as error:
            line = self._line_of("query", start)
            fault = f"query, {error}"
            self.faults.append(f"{self.path}:{line}: {fault}" if line else f"{self.path}: {fault}")
            return fault
        return ""

    def _line_of(self, key: str, start: int) -> int:
        """The line of a key in the table that starts in line `start`; that line when it isn't found."""
        for at in range(start, len(self.lines)):
            if HEADER.match(self.lines[at]):
                break
            match = KEY.match(self.lines[at])
            if match and match[1] == key:
                return at + 1
        return start

    def _wrong(self, line: int, key: str, message: str) -> None:
        where = f"{self.path}:{line}" if line else str(self.path)
        self.faults.append(f"{where}: {key}: {message}")


# -- writing ---------------------------------------------------------------------------------------


def put(path: Path, name: str, query: str | None, *, bell: bool = False, hidden: bool = False) -> None:
    """Add a view at the end, or write it over the one of that name; other lines stay as they are.

    Errors: DataError when the file can't be read or written, or isn't TOML now.
    """
    text = _editable(path)
    rows = [f"name = {_quoted(name)}"]
    if query is not None:
        rows.append(f"query = {_quoted(query)}")
    rows += ["bell = true"] * bell + ["hidden = true"] * hidden
    lines = text.splitlines()
    found = _span(lines, name, path)
    block = ["[[view]]", *rows]
    if found is not None:
        kept = [line for line in lines[found[0] + 1 : found[1]] if not _of_ours(line)]
        lines[found[0] : found[1]] = [*block, *kept]
    else:
        lines += ([""] if lines and lines[-1].strip() else []) + block
    _write(path, "\n".join(lines) + "\n")


def remove(path: Path, name: str) -> bool:
    """Take a view out of the file; False when it holds none of that name.  Errors: DataError."""
    lines = _editable(path).splitlines()
    found = _span(lines, name, path)
    if found is None:
        return False
    del lines[found[0] : found[1]]
    _write(path, "\n".join(lines) + ("\n" if lines else ""))
    return True


def rename(path: Path, name: str, new: str) -> bool:
    """Call a view otherwise, its other keys and comments stay; False when the file holds none of that name."""
    lines = _editable(path).splitlines()
    found = _span(lines, name, path)
    if found is None:
        return False
    for at in range(*found):
        if re.match(r"\s*name\s*=", lines[at]):
            lines[at] = f"name = {_quoted(new)}"
    _write(path, "\n".join(lines) + "\n")
    return True


def move(path: Path, name: str, order: int) -> None:
    """Give a view its place among the tabs; one from elsewhere gets an entry of its own."""
    lines = _editable(path).splitlines()
    found = _span(lines, name, path)
    if found is None:
        lines += ([""] if lines and lines[-1].strip() else []) + ["[[view]]", f"name = {_quoted(name)}"]
        found = (len(lines) - 2, len(lines))
    body = [line for line in lines[found[0] + 1 : found[1]] if not re.match(r"\s*order\s*=", line)]
    lines[found[0] + 1 : found[1]] = [*body[:1], f"order = {order}", *body[1:]]
    _write(path, "\n".join(lines) + "\n")


def _editable(path: Path) -> str:
    """The file's text, when it is TOML: a file with an error in it is not written to."""
    try:
        text = _text(path)
        _decoded(text)
    except UsageError as error:
        raise DataError(f"{path}: {error}; nothing was written") from None
    return text


def _span(lines: list[str], name: str, path: Path) -> tuple[int, int] | None:
    """The lines [start, end) of a view: its header up to its last key, comments behind it left out."""
    view = next((one for one in read(path).views if one.name.casefold() == name.casefold()), None)
    if view is None or not view.line:
        return None
    start = end = view.line - 1
    for at in range(start + 1, len(lines)):
        if HEADER.match(lines[at]):
            break
        if lines[at].strip() and not lines[at].lstrip().startswith("#"):
            end = at
    return start, end + 1


def _of_ours(line: str) -> bool:
    match = KEY.match(line)
    return bool(match and match[1] in ("name", "query", "hidden"))


def _quoted(text: str) -> str:
    """A TOML string: literal when it can be, because queries are full of double quotes."""
    if text.isprintable() and '"' in text and "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in escaped) + '"'


def _write(path: Path, text: str) -> None:
    """Replace the file whole: another console that reads it meanwhile sees the old one or the new one."""
    import tempfile

    target = path.resolve() if path.is_symlink() else path
    name = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{FILE}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise DataError(f"{path}: can't be written: {error.strerror}") from None

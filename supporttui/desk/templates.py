"""Canned replies: plain text files whose placeholders are filled in from a ticket, once.

A file may begin with header lines ("title: …", "kind: reply, note"); an empty
line ends the header.  `{subject}` and its like are placeholders, `{{` and `}}`
are braces, and every other brace is itself.  What a ticket says goes in as
text and is never looked at again, so a subject that reads "{me}" stays as it
is.  A fact that isn't known leaves a mark that can be seen and found:
«contact?».
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import tzinfo
from pathlib import Path
from typing import NamedTuple

from supporttui.errors import DataError
from supporttui.quickclass import dataclass
from supporttui.store.records import Ticket
from supporttui.terminal.safe import clean_line
from supporttui.when import local_text

from .check import nearest

STARTERS = Path(__file__).with_name("starters")
SUFFIXES = (".md", ".txt")
KINDS = ("reply", "note", "resolve")
MOST_BYTES = 64 * 1024
MOST_FILES = 500

# Every placeholder with what stands for it.
PLACEHOLDERS: Mapping[str, str] = {
    "number": "the ticket's number",
    "subject": "its subject",
    "severity": "its severity with the name, such as 2 System highly impacted",
    "status": "its status",
    "owner": "who has it",
    "customer": "the customer",
    "contact": "the customer's contact",
    "site": "the customer's site",
    "product": "the product",
    "release": "the product's release",
    "os": "the operating system",
    "os_release": "the operating system's release",
    "reported": "when it was reported, in the desk's zone",
    "next_update": "by when the next update was promised, in the desk's zone",
    "me": "who writes",
    "desk": "the vendor",
}

_SLOT = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HEADER = re.compile(r"(title|kind)\s*:\s*(.*)", re.IGNORECASE)
_MARK = re.compile(r"«(" + "|".join(PLACEHOLDERS) + r")\?»")


class Fault(NamedTuple):
    """What is wrong with a file.  line, column: 1-based, 0 for the file as a whole."""

    path: Path
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        where = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.path}{where}: {self.message}"


class Slot(NamedTuple):
    """A place for a fact."""

    name: str


@dataclass(frozen=True, slots=True)
class Template:
    """One canned reply.

    name: of its file, without the suffix.  kinds: what it is offered for, empty for every text.
    parts: text and slots in turn.  origin: "own", "shared" or "shipped".
    """

    name: str
    title: str
    kinds: tuple[str, ...]
    parts: tuple[str | Slot, ...]
    path: Path
    origin: str = "own"

    def fits(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Library:
    """The templates that can be used, by title, and what is wrong with the others."""

    templates: tuple[Template, ...] = ()
    faults: tuple[Fault, ...] = field(default=())

    def named(self, name: str) -> Template | None:
        return next((one for one in self.templates if one.name == name), None)


# -- reading ----------------------------------------------------------------------------------------


def load(folders: Sequence[tuple[str, Path]]) -> Library:
    """The templates of the folders; of two with one name the earlier folder's is used.

    folders: (origin, folder), your own first; a folder of one's own that isn't there holds
    nothing.
    """
    found: dict[str, Template] = {}
    faults: list[Fault] = []
    for origin, folder in (*folders, ("shipped", STARTERS)):
        files, trouble = _files(folder, named=origin == "shared")
        faults += trouble
        for path in files:
            if path.stem in found:
                continue
            template, wrong = read(path, origin)
            faults += wrong
            if template is not None:
                found[path.stem] = template
    ordered = sorted(found.values(), key=lambda one: (one.title.casefold(), one.name))
    return Library(tuple(ordered), tuple(faults))


def _files(folder: Path, *, named: bool) -> tuple[list[Path], list[Fault]]:
    """The files of a folder in order.  named: somebody set it, so that it ought to be there."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(SUFFIXES))
    except (FileNotFoundError, NotADirectoryError):
        why = "no such folder; the setting templates (SUPPORTTUI_TEMPLATES) names it"
        return [], [Fault(folder, 0, 0, why)] if named else []
    except OSError as error:
        return [], [Fault(folder, 0, 0, f"the folder can't be read: {error.strerror}")]
    names = [name for name in names if not name.startswith(".")]
    faults = []
    if len(names) > MOST_FILES:
        faults = [Fault(folder, 0, 0, f"holds {len(names)} templates; the first {MOST_FILES} are used")]
    return [folder / name for name in names[:MOST_FILES]], faults


def read(path: Path, origin: str = "own") -> tuple[Template | None, list[Fault]]:
    """One file as a template, or what is wrong with it."""
    try:
        return parse(text_of(path), path, origin)
    except DataError as error:
        return None, [Fault(path, 0, 0, str(error))]


def text_of(path: Path) -> str:
    """The file's text.  What is no plain file is not waited for.  Errors: DataError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DataError("is no plain file")
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DataError(f"can't be read: {error.strerror}") from None
    if len(raw) > MOST_BYTES:
        raise DataError(f"is larger than {MOST_BYTES // 1024} KiB")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise DataError(f"byte {error.start + 1} is not UTF-8") from None


def parse(text: str, path: Path, origin: str = "own") -> tuple[Template | None, list[Fault]]:
    """A template from its text; unknown placeholders and kinds are faults with line and column."""
    lines = text.split("\n")
    header, faults, first = _header(lines, path)
    body = "\n".join(lines[first:])
    parts = tuple(_parts(body, first + 1, path, faults))
    if not body.strip():
        faults.append(Fault(path, 0, 0, "holds no text"))
    if faults:
        return None, faults
    kinds = tuple(header["kind"].split())
    return Template(path.stem, header["title"] or path.stem, kinds, parts, path, origin), []


def _header(lines: Sequence[str], path: Path) -> tuple[dict[str, str], list[Fault], int]:
    """What the header says, what is wrong in it, and the index of the first line of the text."""
    found, faults, at = {"title": "", "kind": ""}, [], 0
    while at < len(lines) and (match := _HEADER.fullmatch(lines[at].strip())):
        name, value = match[1].lower(), " ".join(match[2].split())
        found[name] = " ".join(re.split(r"[,\s]+", value.lower())) if name == "kind" else value
        for kind in found["kind"].split() if name == "kind" else ():
            if kind not in KINDS:
                column = lines[at].lower().index(kind) + 1
                faults.append(Fault(path, at + 1, column, f"no kind '{kind}'{nearest(kind, KINDS)}"))
        at += 1
    if at and at < len(lines) and not lines[at].strip():
        at += 1
    return found, faults, at


def _parts(body: str, first_line: int, path: Path, faults: list[Fault]) -> Iterable[str | Slot]:
    done = 0
    for match in _SLOT.finditer(body):
        yield body[done : match.start()]
        done = match.end()
        if match[1] is None:
            yield match[0][0]
        elif match[1] in PLACEHOLDERS:
            yield Slot(match[1])
        else:
            line = first_line + body.count("\n", 0, match.start())
            column = match.start() - (body.rfind("\n", 0, match.start()) + 1) + 1
            near = nearest(match[1], PLACEHOLDERS)
            faults.append(Fault(path, line, column, f"no placeholder {{{match[1]}}}{near}"))
    yield body[done:]


# -- filling in -------------------------------------------------------------------------------------


def facts_of(ticket: Ticket, *, me: str, desk: str, severity: str, zone: tzinfo) -> dict[str, str]:
    """What the placeholders stand for with this ticket, each one line of inert text.

    severity: number and name.  zone: the one that times are written in.
    """
    found = {
        name: str(getattr(ticket, name))
        for name in PLACEHOLDERS
        if isinstance(getattr(ticket, name, None), str)
    }
    found |= {"number": str(ticket.number), "severity": severity, "me": me, "desk": desk}
    found["reported"] = local_text(ticket.reported_at, zone)
    promised = ticket.acknowledged_until
    found["next_update"] = local_text(promised, zone) if promised else ""
    return {name: " ".join(clean_line(value).split()) for name, value in found.items()}


def fill(template: Template, facts: Mapping[str, str]) -> str:
    """The text with every slot filled, or marked where nothing is known."""
    return "".join(
        part if isinstance(part, str) else facts.get(part.name, "").strip() or f"«{part.name}?»"
        for part in template.parts
    )


def open_marks(text: str) -> tuple[str, ...]:
    """The marks of unknown facts that a text still holds, each once: ("«contact?»",)."""
    return tuple(dict.fromkeys(match[0] for match in _MARK.finditer(text)))

"""The texts of letters to customers: plain files, the shipped ones or your own of the same name.

A file begins with one or more `subject:` lines; the first of them whose placeholders are all known
is used.  In the text, a line whose placeholders are all unknown is left out: a customer never sees
a gap.  What a ticket says is put in as text and not looked at again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from supporttui.errors import DataError
from supporttui.quickclass import dataclass

from .check import nearest
from .templates import Fault, text_of

SHIPPED = Path(__file__).with_name("mail")
NAMES = ("acknowledgement", "answer", "status")

# Every placeholder with what stands for it, and in which letters.
PLACEHOLDERS: Mapping[str, str] = {
    "number": "the ticket's number",
    "reference": "its public reference, such as 1042-k7rq2m5x4wz3v6ta",
    "subject": "its subject; unknown where the sender is not verified",
    "severity": "its severity with the name, such as 2 System highly impacted",
    "reported": "when it was reported, in the vendor's zone",
    "contact": "the customer's contact; unknown where the sender is not verified",
    "text": "what the analyst wrote, or how the ticket stands",
    "me": "who answers",
    "desk": "the vendor",
    "next": "what happens next, and whether the desk is open",
    "by": "by when an answer is promised",
    "closed": "that the desk is closed, and when it opens",
    "after_hours": "the telephone number outside of the desk's hours",
    "call": "that this severity needs a telephone call, and the numbers",
    "missing": "what the policy asks for and the report does not say",
    "link": "the secret link to the status page, of this address alone",
}

_SLOT = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SUBJECT = re.compile(r"subject\s*:\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """name: of the file.  subjects: in the order in which they are tried.  lines: of the text."""

    name: str
    subjects: tuple[str, ...]
    lines: tuple[str, ...]
    path: Path


def load(name: str, folder: Path | None) -> tuple[LetterTemplate, list[Fault]]:
    """The template of a name, your own before the shipped one; and what is wrong with your own."""
    faults: list[Fault] = []
    if folder is not None and os.path.lexists(folder / f"{name}.txt"):
        own, faults = read(folder / f"{name}.txt")
        if own is not None:
            return own, []
    shipped, wrong = read(SHIPPED / f"{name}.txt")
    if shipped is None:
        raise DataError(str(wrong[0]))
    return shipped, faults


def faults_in(folder: Path) -> list[Fault]:
    """What is wrong with the templates of a folder; a file with the name of none is never read."""
    faults = [fault for name in NAMES for fault in load(name, folder)[1]]
    try:
        names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return faults
    except OSError as error:
        return [*faults, Fault(folder, 0, 0, f"the folder can't be read: {error.strerror}")]
    known = [f"{name}.txt" for name in NAMES]
    return faults + [
        Fault(folder / name, 0, 0, f"no letter is called so{nearest(name, known)}")
        for name in names
        if name not in known
    ]


def read(path: Path) -> tuple[LetterTemplate | None, list[Fault]]:
    """One file as a template, or what is wrong with it."""
    try:
        text = text_of(path)
    except DataError as error:
        return None, [Fault(path, 0, 0, str(error))]
    lines = text.split("\n")
    subjects: list[str] = []
    while len(subjects) < len(lines) and (found := _SUBJECT.fullmatch(lines[len(subjects)].strip())):
        subjects.append(found[1].strip())
    faults = _faults(lines, path)
    if not subjects or not all(subjects):
        faults.append(Fault(path, 1, 1, "begins with no `subject: …`"))
    body = lines[len(subjects) :]
    if not "".join(body).strip():
        faults.append(Fault(path, 0, 0, "holds no text"))
    if faults:
        return None, faults
    return LetterTemplate(path.stem, tuple(subjects), tuple(body), path), []


def _faults(lines: Sequence[str], path: Path) -> list[Fault]:
    return [
        Fault(
            path, n, found.start() + 1, f"no placeholder {{{found[1]}}}{nearest(found[1], PLACEHOLDERS)}"
        )
        for n, line in enumerate(lines, 1)
        for found in _SLOT.finditer(line)
        if found[1] is not None and found[1] not in PLACEHOLDERS
    ]  # fmt: skip


def fill(template: LetterTemplate, facts: Mapping[str, str]) -> tuple[str, str]:
    """(subject, text) with what is known.  A fact may be of several lines, but in a subject."""
    known = (one for one in template.subjects if all(facts.get(name) for name in _names(one)))
    subject = next(known, "")
    kept: list[str] = []
    for line in template.lines:
        names = _names(line)
        if names and not any(facts.get(name) for name in names):
            continue
        filled = _filled(line, facts)
        if filled.strip() or (kept and kept[-1].strip()):
            kept.append(filled)
    return " ".join(_filled(subject, facts).split()), "\n".join(kept).strip("\n") + "\n"


def _names(line: str) -> list[str]:
    return [found[1] for found in _SLOT.finditer(line) if found[1] is not None]


def _filled(line: str, facts: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda found: facts.get(found[1], "") if found[1] else found[0][0], line)

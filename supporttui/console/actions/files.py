"""The files of a ticket: read the beginning of one, save it, attach one, move it, take it away.

Files are copied beside the thread that keeps the store, so that a large one holds nobody up.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.line import AskLine
from supporttui.console.present.files import said
from supporttui.console.widgets.drop_list import Candidate
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Target, Work
from supporttui.desk import attachments, files
from supporttui.desk import look as looking
from supporttui.desk.excerpts import Excerpt, excerpt_of
from supporttui.desk.session import Desk
from supporttui.errors import SupportError
from supporttui.store.blobs import Blobs
from supporttui.store.mail_records import Attachment
from supporttui.terminal.safe import clean_line

if TYPE_CHECKING:
    from supporttui.console.screens.files import FilesScreen

OUT_OF_REACH = "files are out of reach in restricted mode"
MOST_NAMES = 2_000  # of a folder that are looked through for completion
SHOWN_NAMES = 50


class _Files(NamedTuple):
    blobs: Blobs
    most: int


def _files(desk: Desk) -> _Files:
    return _Files(files.blobs_of(desk), files.filing_of(desk).most)


# -- the page ---------------------------------------------------------------------------------------


async def show(work: Work) -> None:
    """The files of the ticket under the cursor."""
    from supporttui.console.screens.files import FilesScreen

    target, served = work.target(), work.app.reader.served
    found = await work.read(lambda desk: attachments.listed(desk, target.number))
    if found is not None:
        await work.ask(work.app.dialog(FilesScreen).prepare(target, found, served))


async def look(work: Work, screen: FilesScreen) -> None:
    """The beginning of the file under the cursor; s there saves it."""
    from supporttui.console.screens.files import SAVE, FilePage

    if (file := screen.file) is None:
        return
    found: Excerpt | None = None
    trouble = ""
    try:
        blobs = (await work.app.link.run(_files)).blobs
        found = await asyncio.to_thread(excerpt_of, blobs, file.hash)
    except SupportError as error:
        trouble = str(error)
    if await work.ask(work.app.dialog(FilePage).prepare(file, found, trouble)) == SAVE:
        await _save(work, file)
    screen.paint_footer()


async def save(work: Work, screen: FilesScreen) -> None:
    if (file := screen.file) is not None:
        await _save(work, file)
        screen.paint_footer()


async def _save(work: Work, file: Attachment) -> None:
    """Copy a file out to a path that doesn't exist."""
    if work.app.shift.restricted:
        work.app.say(OUT_OF_REACH, "warning")
        return
    own = attachments.file_name(file)
    name = await work.ask(
        work.app.dialog(AskLine).prepare(
            f"Save {clean_line(file.name)}", hint="a new file, or a folder", value=own, instead=True,
            check=lambda text: _check_new(text, own), source=_paths,
        )
    )  # fmt: skip
    if name is None:
        return
    path = _target(name, own)
    try:
        blobs = (await work.app.link.run(_files)).blobs
        await asyncio.to_thread(files.save, blobs, file.hash, path)
    except SupportError as error:
        work.app.say(str(error), "error")
    else:
        work.app.say(f"saved to {path.absolute()}", "good")


def _target(text: str, name: str) -> Path:
    path = Path(text.strip()).expanduser()
    return path / name if path.is_dir() else path


def _check_new(text: str, name: str) -> str:
    if not text.strip() or "\x00" in text:
        return f"name a file, such as {clean_line(name)}"
    path = _target(text, name)
    if path.exists() or path.is_symlink():
        return f"{path} exists already; nothing is overwritten"
    return "" if path.parent.is_dir() else f"there is no folder {path.parent}"


# -- attach -----------------------------------------------------------------------------------------


async def attach(work: Work) -> None:
    """Ask for a file and attach it to the ticket under the cursor."""
    await _attach(work, work.target())


async def attach_named(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """Attach the file of this path."""
    return await _attach_path(work, targets[0], argument)


async def attach_here(work: Work, screen: FilesScreen) -> None:
    if await _attach(work, screen.target):
        await screen.read()
    screen.paint_footer()


async def _attach(work: Work, target: Target) -> bool:
    if why := _why_not(work):
        work.app.say(why, "warning")
        return False
    text = await work.ask(
        work.app.dialog(AskLine).prepare(
            work.heading("Attach to", (target,)),
            hint="a file; a copy is kept",
            check=_check_there,
            source=_paths,
        )
    )
    return text is not None and await _attach_path(work, target, text)


async def _attach_path(work: Work, target: Target, text: str) -> bool:
    if why := _why_not(work) or _check_there(text):
        work.app.say(why, "warning")
        return False
    path = Path(text.strip()).expanduser()
    try:
        kept, most = await work.app.link.run(_files)
        blob = await asyncio.to_thread(files.put_path, kept, path, most=most)
    except SupportError as error:
        work.app.say(str(error), "error")
        return False
    made = await work.do(
        "the file", lambda desk: attachments.add(desk, target.number, blob, path.name, blobs=kept)
    )
    if made is None:
        return False
    work.app.reader.stale()
    work.app.say(f"{target.number}: {said(made)} is attached", "good")
    return True


def _why_not(work: Work) -> str:
    if work.app.shift.restricted:
        return OUT_OF_REACH
    return "the desk is read-only" if work.app.shift.desk.readonly else ""


def _check_there(text: str) -> str:
    if not text.strip() or "\x00" in text:
        return "name a file"
    path = Path(text.strip()).expanduser()
    if path.is_dir():
        return f"{path} is a folder; name a file in it"
    return "" if path.exists() else f"there is no file {path}"


async def _paths(typed: str) -> Sequence[Candidate]:
    """Names in the folder that is being typed which begin so; folders end in a slash."""
    return await asyncio.to_thread(_names, typed)


def _names(typed: str) -> Sequence[Candidate]:
    folder, _, begun = typed.rpartition("/")
    lead = f"{folder}/" if "/" in typed else ""
    found = []
    try:
        with os.scandir(os.path.expanduser(lead) or ".") as entries:
            for _, one in zip(range(MOST_NAMES), entries, strict=False):
                if one.name.startswith(begun or "") and (begun or not one.name.startswith(".")):
                    found.append(f"{lead}{one.name}{'/' if one.is_dir() else ''}")
    except (OSError, ValueError):
        return ()
    return [Candidate(one) for one in sorted(found)[:SHOWN_NAMES] if one.isprintable()]


# -- move and take away -----------------------------------------------------------------------------


async def move(work: Work, screen: FilesScreen) -> None:
    """Give the file under the cursor to another ticket."""
    file = screen.file
    if file is None or (why := "" if screen.may else "the desk is read-only"):
        work.app.say(why if file else "put the cursor on a file", "warning")
        screen.paint_footer()
        return

    async def verify(text: str) -> str:
        number = _digits(text)
        if not number:
            return "a number, such as 1042"
        found = await work.read(lambda desk: looking.lines(desk, [number]))
        return "" if found else f"there is no ticket {number}"

    heading = f"Give {clean_line(file.name)} to another ticket"
    text = await work.ask(work.app.dialog(AskLine).prepare(heading, hint="its number", verify=verify))
    if text is not None:
        number = _digits(text)
        done = await work.do(
            "the file", lambda desk: attachments.move(desk, file, number, blobs=files.blobs_of(desk))
        )
        await _after(work, screen, done, f"{clean_line(file.name)} is now a file of {number}")
    screen.paint_footer()


async def take_away(work: Work, screen: FilesScreen) -> None:
    """Take the file under the cursor away, after a question."""
    file = screen.file
    if file is None or not screen.may:
        work.app.say("put the cursor on a file" if screen.may else "the desk is read-only", "warning")
        screen.paint_footer()
        return
    options = (
        Option("no", "No, keep it", key="n"),
        Option("yes", "Yes, take it away", key="y", role="overdue"),
    )
    heading = f"Take {clean_line(file.name)} away from {screen.target.number}?"
    if await work.ask(work.app.dialog(Choose).prepare(heading, options, hint="u brings it back")) == "yes":
        done = await work.do("the file", lambda desk: attachments.remove(desk, file))
        await _after(work, screen, done, f"{clean_line(file.name)} is taken away")
    screen.paint_footer()


async def back(work: Work, screen: FilesScreen, verb: str) -> None:
    """Undo or redo one's last change from the page."""
    from . import change

    if screen.may:
        await (change.undo if verb == "undo" else change.redo)(work)
        await screen.read()
    else:
        work.app.say("the desk is read-only", "warning")
    screen.paint_footer()


async def _after(work: Work, screen: FilesScreen, done: Attachment | None, words: str) -> None:
    if done is not None:
        work.app.say(f"{words}; u takes that back", "good")
    work.app.reader.stale()
    await screen.read()


def _digits(text: str) -> int:
    digits = text.strip().lstrip("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0

"""A text in the analyst's own editor, and back, with nothing lost on the way.

The console gives its terminal away whole and takes it back whole; meanwhile it
goes on reading the store and saving drafts, but neither paints nor reads keys.
The text lies in a private folder (0700, the file 0600).  Nothing that comes
out of an editor is ever sent from here: what is done with it is asked for
where it was started.

When the line drops, the editor gets the hang-up too; what its file then holds
is kept as a draft.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NamedTuple

from supporttui.errors import UsageError
from supporttui.terminal.child import arguments

if TYPE_CHECKING:
    from .app import ConsoleApp

POLL = 0.05  # seconds between looks whether the editor has ended
HANG_UP_PATIENCE = 0.4  # seconds that an editor gets to save itself when the line drops
DROP_PATIENCE = 0.3  # seconds in which the drop that ended an editor ends the console as well
MOST_BYTES = 4 * 1024 * 1024
HINT = "set VISUAL or EDITOR, such as EDITOR=vim"
RESCUED = ".save"  # what nano calls the file that it writes when it is hung up

UnsentDraft = tuple[int, str, str, dict[str, str]]


class Edited(NamedTuple):
    """What came back.  text: None when it is to stay as it was before; why: one line that says so."""

    text: str | None
    why: str = ""


class Editing:
    """A text that is in an editor now.

    keep: makes the draft of what the file holds.
    """

    def __init__(
        self, folder: Path, file: Path, before: str, keep: Callable[[str], UnsentDraft | None]
    ) -> None:
        self.folder, self.file = folder, file
        self.process: subprocess.Popen[bytes] | None = None
        self._before, self._keep = before, keep

    def text(self) -> str | None:
        """What the file holds now; what an editor rescued, when that is newer; None when it can't be read."""
        rescued = self.file.with_name(self.file.name + RESCUED)
        for path in sorted((self.file, rescued), key=_changed_at, reverse=True):
            with contextlib.suppress(OSError):
                with path.open("rb") as file:
                    raw = file.read(MOST_BYTES + 1)
                if len(raw) <= MOST_BYTES:
                    return _same_end(_decoded(raw), self._before)
        return None

    def unsent_draft(self) -> UnsentDraft | None:
        """What would be lost if the console ended now."""
        found = self.text()
        return self._keep(found if found is not None and found.strip() else self._before)

    def hang_up(self) -> None:
        """The line dropped: let the editor know, and give it a moment to save."""
        if self.process is None:
            return
        limit = time.monotonic() + HANG_UP_PATIENCE
        with contextlib.suppress(OSError):
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGHUP)
        while self.process.poll() is None and time.monotonic() < limit:
            time.sleep(0.01)

    def recovery(self) -> str:
        """The file, when an editor that was hung up left more beside it than the text; "" else."""
        ours = {self.file.name, self.file.name + RESCUED}
        with contextlib.suppress(OSError):
            return str(self.file) if set(os.listdir(self.folder)) - ours else ""
        return ""

    def tidy(self) -> None:
        """Take the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def command(environ: Mapping[str, str]) -> list[str]:
    """The editor with its arguments.  Errors: UsageError, in one line."""
    for variable in ("VISUAL", "EDITOR"):
        if not environ.get(variable, "").strip():
            continue
        try:
            words = arguments(environ[variable])
        except ValueError as error:
            raise UsageError(f"{variable} can't be used: {error}") from None
        if shutil.which(words[0], path=environ.get("PATH")) is None:
            raise UsageError(f"{variable} names {words[0]}, which isn't here: {HINT}")
        return words
    raise UsageError(f"no editor is set: {HINT}")


async def edit(app: ConsoleApp, text: str, name: str, keep: Callable[[str], UnsentDraft | None]) -> Edited:
    """Have the text edited.

    name: of the file, without its suffix.  keep: makes the draft of what is in the file, should
    the console end meanwhile.  Errors: UsageError when there is no editor.
    """
    if app.shift.restricted:
        raise UsageError("restricted mode starts no other program, so there is no editor")
    argv = command(os.environ)
    editing = app.editing = _prepare(text, name, keep)
    status = await _run(app, editing, argv)
    # An end that came meanwhile leaves through an exception: the last words need the file.
    app.editing = None
    try:
        return _judge(editing, os.path.basename(argv[0]), status)
    finally:
        editing.tidy()


def _prepare(text: str, name: str, keep: Callable[[str], UnsentDraft | None]) -> Editing:
    folder = Path(tempfile.mkdtemp(prefix="supporttui-"))  # 0700
    file = folder / f"{name}.txt"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
        out.write(text if text.endswith("\n") or not text else text + "\n")
    return Editing(folder, file, text, keep)


async def _run(app: ConsoleApp, editing: Editing, argv: list[str]) -> int | str:
    """The editor's exit status, or why it could not be started."""
    with _terminal_given_away(app):
        try:
            with app.children_hear():
                editing.process = subprocess.Popen([*argv, str(editing.file)])
        except (OSError, ValueError) as error:
            return getattr(error, "strerror", None) or "it can't be started"
        try:
            while (status := editing.process.poll()) is None:
                await asyncio.sleep(POLL)
            if status:  # it may have ended because the line dropped: then the console is about to end too
                await asyncio.sleep(DROP_PATIENCE)
        finally:
            editing.hang_up()
        return status


def _judge(editing: Editing, program: str, status: int | str) -> Edited:
    if isinstance(status, str):
        return Edited(None, f"{program}: {status}")
    if status:
        how = f"with status {status}" if status > 0 else f"by signal {-status}"
        return Edited(None, f"{program} ended {how}: the text is as it was before")
    text = editing.text()
    if text is None:
        return Edited(None, f"what {program} left can't be read: the text is as it was before")
    if not text.strip():
        return Edited(None, f"{program} left no text: it is as it was before")
    return Edited(text)


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return text.replace("\r\n", "\n")


def _same_end(text: str, before: str) -> str:
    """Without the newline that every editor puts at the end, unless the text had one."""
    return text if before.endswith("\n") else text.removesuffix("\n")


# -- the terminal -------------------------------------------------------------------------------


@contextlib.contextmanager
def _terminal_given_away(app: ConsoleApp) -> Iterator[None]:
    """The terminal is another program's.  Keys that were typed before it had it are told and dropped:

    they were meant for the editor, and would act on the dialog that follows it.
    """
    driver = app._driver
    app.opening(True)
    if driver is None or not driver.can_suspend:  # a test's console has no terminal to give
        yield
        return
    with app.batch_update(), _deaf_to_keyboard_signals(), app.suspend():
        yield
        dropped = app.drop_held()
    if dropped:
        app.say(f"{dropped} keys came before the editor was there and were dropped", "warning")


@contextlib.contextmanager
def _deaf_to_keyboard_signals() -> Iterator[None]:
    """Ctrl-C and Ctrl-\\ are the editor's; Ctrl-Z stops it and us as the shell wants, and nothing where there is none."""

    def nothing(_number: int, _frame: FrameType | None) -> None:
        """Not "ignore": that the editor would inherit."""

    before = {
        number: signal.signal(number, handler)
        for number, handler in (
            (signal.SIGINT, nothing),
            (signal.SIGQUIT, nothing),
            (signal.SIGTSTP, signal.SIG_DFL),
        )
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

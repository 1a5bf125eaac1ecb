"""The files of a ticket as a page, and the beginning of one as another: what a stranger sent obeys nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from supporttui.console.dialogs.page import Page
from supporttui.console.present import files as present
from supporttui.console.present.outline import Row
from supporttui.console.present.spans import Line
from supporttui.console.work import Target
from supporttui.desk import attachments
from supporttui.desk.excerpts import Excerpt
from supporttui.store.mail_records import Attachment
from supporttui.terminal.safe import clean_line

from .outline import Outline

SAVE, ATTACH, MOVE, AWAY, COPY = "s", "a", "M", "x", "y"


class FilesScreen(Outline):
    """Shows a ticket's files; what its keys do is in `actions.files`."""

    def __init__(self) -> None:
        super().__init__()
        self.target = Target(0, None)
        self.files: Sequence[Attachment] = ()
        self._served = -1

    def prepare(self, target: Target, found: Sequence[Attachment], served: int) -> FilesScreen:
        """served: how many readings the console had served."""
        self.target = target
        self.take(found, served)
        return self

    def take(self, found: Sequence[Attachment], served: int) -> None:
        self.files, self._served = found, served
        count = len(found)
        self.heading = f"Files of {self.target.number}: {count or 'none'}"

    @property
    def may(self) -> bool:
        """Whether anything can be changed here."""
        return not self.app.shift.desk.readonly

    @property
    def file(self) -> Attachment | None:
        """The one under the cursor."""
        key = self.row.key if self.row else None
        return next((one for one in self.files if one.id == key), None)

    def rows(self, width: int) -> Sequence[Row]:
        may = self.may and not self.app.shift.restricted
        return present.rows(self.files, width, self.setting, self.app.shift.now(), may=may)

    def hints(self) -> Sequence[tuple[str, str]]:
        free = not self.app.shift.restricted
        here: list[tuple[str, str]] = []
        if self.files:
            here += [("Enter", "read"), *([(SAVE, "save")] if free else [])]
        if self.may and free:
            here.append((ATTACH, "attach"))
        if self.may and self.files:
            here += [(MOVE, "to another ticket"), (AWAY, "take away")]
        undo = self.hint_of("undo", "undo") if self.may else ()
        return (*here, *undo, *(((COPY, "copy the hash"),) if self.files else ()))

    def own_key(self, key: str) -> bool:
        from supporttui.console.actions import files as act

        verb = self.app.shift.keymap.verb(key)
        acts = {SAVE: act.save, ATTACH: act.attach_here, MOVE: act.move, AWAY: act.take_away}
        if key in acts:
            self.run_act(acts[key](self.app.work, self))
        elif key == COPY:
            if (copying := self.copied("SHA-256")) is not None:
                self.run_act(copying)
        elif verb is not None and verb.id in ("undo", "redo"):
            self.run_act(act.back(self.app.work, self, verb.id))
        else:
            return False
        return True

    def _choose(self, *, fold_only: bool) -> None:
        if self.file is not None and not fold_only:
            from supporttui.console.actions import files as act

            self.run_act(act.look(self.app.work, self))

    async def read(self) -> None:
        """Read anew and show it where the reader is."""
        served, number = self.app.reader.served, self.target.number
        self.take(await self.app.link.run(lambda desk: attachments.listed(desk, number)), served)
        self.show_anew()

    async def beat(self) -> None:
        """A file that comes meanwhile is shown, and that the one under the cursor went is said."""
        if self.app.reader.served == self._served:
            return
        before = self.file
        await self.read()
        if before is not None and all(one.id != before.id for one in self.files):
            self.app.tell(f"{clean_line(before.name)} is no file of {self.target.number} any more", "warning")
            self.paint_footer()


class FilePage(Page):
    """The beginning of a file, escaped.  Answers "s" to have it saved, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.file: Attachment | None = None
        self._found: Excerpt | None = None
        self._trouble = ""

    def prepare(self, file: Attachment, found: Excerpt | None, trouble: str = "") -> FilePage:
        self.file, self._found, self._trouble = file, found, trouble
        self.heading = clean_line(file.name)
        return self

    def lay_out(self, width: int) -> Sequence[Line]:
        return list(self._lines(width))

    def _lines(self, width: int) -> Iterator[Line]:
        if self.file is not None:
            now = self.app.shift.now()
            yield from present.content(self.file, self._found, self._trouble, width, self.setting, now)

    def hints(self) -> Sequence[tuple[str, str]]:
        return () if self.app.shift.restricted else ((SAVE, "save"),)

    def pressed(self, key: str) -> bool:
        if key != SAVE or self.app.shift.restricted:
            return False
        self.answer(SAVE)
        return True

"""`e`: the ticket's facts in a form or in the editor, and what differs to be read before it is written.

Only what the analyst changed is written, and when somebody else changed the
ticket meanwhile they choose field by field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supporttui.console import editor
from supporttui.console.dialogs.edit import LABELS, EditForm
from supporttui.console.dialogs.form import Form
from supporttui.console.dialogs.review import AGAIN, Review
from supporttui.console.present.spans import Line, Span, line
from supporttui.console.present.wrap import wrap
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Job, Target, Work
from supporttui.desk import edit as editing
from supporttui.desk import look
from supporttui.desk.edit import Difference, differences
from supporttui.errors import UsageError
from supporttui.store.records import Ticket

from .known import COMPLETED, TELLING, asker, teller

KIND = "edit"
WRITE = "write"


async def edit(work: Work) -> None:
    await edit_ticket(work, work.target())


async def edit_ticket(work: Work, target: Target) -> None:
    """Form, editor and review in turn, until it is written or left."""
    ticket = await _read(work, target.number)
    if ticket is None:
        return
    draft = work.draft(target.number, KIND)
    kept = {name: str(value) for name, value in draft.data.items() if name in LABELS} if draft else {}
    one = _Editing(work, ticket)
    await one.go_on({**one.original, **kept})


async def _read(work: Work, number: int) -> Ticket | None:
    view = await work.read(lambda desk: look.ticket(desk, number, journal_limit=1))
    return view.ticket if view else None


class _Editing:
    """One ticket's facts on their way."""

    def __init__(self, work: Work, ticket: Ticket) -> None:
        self._work, self._ticket = work, ticket
        self.original = editing.values_of(ticket)
        self._target = Target(ticket.number, ticket.version)
        self._heading = work.heading("Edit", (self._target,))

    async def go_on(self, values: Mapping[str, str], error: str = "") -> None:
        while True:
            answer, values = await self._form(values, error)
            error = ""
            if not answer:  # the console is ending; the draft is kept by it
                return
            if answer == "editor":
                values, error = await self._elsewhere(values)
                if error:
                    continue
            elif answer != "review":
                await self._leave(values)
                return
            differs = differences(self.original, values)
            if not differs:
                await self._work.drop_draft(self._ticket.number, KIND)
                self._work.app.say(f"{self._ticket.number}: nothing was changed")
                return
            done = await self._review(differs)
            if done == WRITE:
                await self._work.drop_draft(self._ticket.number, KIND)
                return
            if done != AGAIN:
                if done:
                    await self._leave(values)
                return

    async def _form(self, values: Mapping[str, str], error: str) -> tuple[str, Mapping[str, str]]:
        form = Form(
            values=values,
            required=[name for name in self._work.app.facts.required if name in LABELS],
            completes=COMPLETED,
            ask=asker(self._work),
            knows=TELLING,
            tell=teller(self._work),
            error=error,
        )
        dialog = self._work.app.dialog(EditForm).prepare(
            self._heading, form, ticket=self._ticket.number, original=self.original
        )
        answer = await self._work.ask(dialog)
        return answer or "", dialog.all_values() if answer else values

    async def _elsewhere(self, values: Mapping[str, str]) -> tuple[Mapping[str, str], str]:
        """The fields as they come back from the editor, and what is wrong with them."""
        number = self._ticket.number
        await self._keep(values)

        def keep(text: str) -> tuple[int, str, str, dict[str, str]] | None:
            try:
                found = editing.from_file(text)
            except UsageError:
                found = dict(values)
            data = self._kept({**values, **found})
            return (number, KIND, "", data) if data else None

        try:
            edited = await editor.edit(
                self._work.app, editing.as_file(number, values), f"ticket-{number}", keep
            )
            if edited.text is None:
                return values, edited.why
            return {**values, **editing.from_file(edited.text)}, ""
        except UsageError as error:
            return values, str(error)

    def _kept(self, values: Mapping[str, str]) -> dict[str, str]:
        return {one.field: one.new for one in differences(self.original, values)}

    async def _keep(self, values: Mapping[str, str]) -> None:
        await self._work.keep_draft(self._ticket.number, KIND, "", self._kept(values))

    async def _leave(self, values: Mapping[str, str]) -> None:
        await self._keep(values)
        if self._kept(values):
            self._work.app.say(
                f"{self._ticket.number}: what you changed is kept as a draft; e goes on with it"
            )

    async def _review(self, differs: Sequence[Difference]) -> str:
        async def send(_how: str) -> str:
            return await self._write({one.field: one.new for one in differs})

        dialog = self._work.app.dialog(Review).prepare(
            self._heading,
            hint=f"{len(differs)} {'field differs' if len(differs) == 1 else 'fields differ'}",
            lay_out=lambda width: self._lines(differs, width),
            options=(Option(WRITE, "Write"),),
            send=send,
            draft=(self._ticket.number, KIND, "", {one.field: one.new for one in differs}),
        )
        return await self._work.ask(dialog) or ""

    def _lines(self, differs: Sequence[Difference], width: int) -> list[Line]:
        """ "Product      HyperIP → NETEX/IP"."""
        to = self._work.app.shift.setting.glyphs.to
        out: list[Line] = []
        for one in differs:
            said = f"{one.old or 'nothing'} {to} {one.new or 'nothing'}"
            for place, text in enumerate(wrap(said, width - 14)):
                out.append(line(Span(f"{LABELS[one.field] if not place else '':<13} ", "muted"), text))
        return out

    async def _write(self, values: Mapping[str, str]) -> str:
        """A ticket that somebody else changed meanwhile: each field as it was, is and was meant, to choose from."""
        from supporttui.console.collision import settle

        work, target = self._work, self._target

        def act(job: Job) -> Ticket:
            return editing.edit(job.desk, job.number, values, seen=job.seen, batch=job.batch)

        said = f"{target.number}: {', '.join(LABELS[name].lower() for name in values)} written"
        wrong = await work.write("fields", (target,), act, said=said)
        if not wrong or work.conflict is None:
            return wrong
        if await settle(work, "fields", target, act, said):
            return ""
        fresh = await _read(work, target.number)
        if fresh is not None:
            self._target = Target(fresh.number, fresh.version)
        return "nothing was written; Write again writes yours over what was changed meanwhile"

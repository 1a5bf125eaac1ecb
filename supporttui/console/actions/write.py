"""Verbs with a text: reply, note, how it was solved.

A text outlives everything: a conflict leaves it in the dialog with what
changed and by whom, and a second Send then writes it on the ticket as it is.
From an editor it comes back to be read once more; nothing is sent from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from supporttui.console import collision, editor
from supporttui.console.dialogs.review import AGAIN, KEEP, Review
from supporttui.console.dialogs.write import EDITOR, Write, Written
from supporttui.console.present.conversation import conversation
from supporttui.console.present.spans import Line, line
from supporttui.console.present.wrap import wrap
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Job, Target, Work
from supporttui.desk import close, letters, look
from supporttui.desk import write as writing
from supporttui.desk.look import TicketView
from supporttui.desk.session import Desk
from supporttui.errors import UsageError
from supporttui.store.records import JournalEntry, Ticket
from supporttui.terminal.safe import clean_line

from .templates import inserter

Act = Callable[[Job, Written], Ticket]
RECENT = 40  # journal entries among which what was said before is looked for


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text.  id: what its draft is filed under.  words: head of the dialog.

    hint: who will read it.  options: ways of sending it.  act: writes it.
    """

    id: str
    words: str
    hint: str
    options: Sequence[Option]
    act: Act
    internal: bool = False


async def reply(work: Work) -> None:
    await reply_to(work, work.target())


async def reply_to(work: Work, target: Target, given: str = "") -> bool:
    """Whether it was sent.  given: a text to begin with, or to go on with where a draft was left."""

    def act(job: Job, written: Written) -> Ticket:
        return writing.reply(
            job.desk,
            job.number,
            written.text,
            seen=job.seen,
            status="waiting-customer" if written.how == "wait" else None,
            workaround=written.how == "workaround",
            batch=job.batch,
        )

    options = (
        Option("send", "Send"),
        Option("wait", "Send and wait"),
        Option("workaround", "Send workaround"),
    )
    return await _text(
        work,
        target,
        Kind("reply", "Reply to the customer,", "PUBLIC: the customer reads this", options, act),
        given,
    )


async def note(work: Work) -> None:
    await note_on(work, work.target())


async def note_on(work: Work, target: Target) -> None:
    def act(job: Job, written: Written) -> Ticket:
        return writing.note(job.desk, job.number, written.text, seen=job.seen, batch=job.batch)

    hint = "internal: the customer never sees this"
    await _text(
        work, target, Kind("note", "Note on", hint, (Option("send", "Write note"),), act, internal=True)
    )


async def closing_text(work: Work, target: Target) -> None:
    """Resolve with a public reply that says how."""

    def act(job: Job, written: Written) -> Ticket:
        return close.resolve(job.desk, job.number, written.text, seen=job.seen, batch=job.batch)

    hint = "PUBLIC: the customer reads how it was solved"
    await _text(work, target, Kind("resolve", "Resolve", hint, (Option("send", "Send and resolve"),), act))


async def _text(work: Work, target: Target, kind: Kind, given: str = "") -> bool:
    """Write, edit elsewhere and review in turn, until the text is sent (True) or kept."""
    found = await work.read(lambda desk: _looked_at(desk, target.number, kind))
    if found is None:
        return False
    view, way = found
    kind = replace(kind, hint=f"{kind.hint}; {way}" if way else kind.hint)
    draft = work.draft(target.number, kind.id)
    one = _Writing(work, target, kind, view)
    text, said = (draft.body, _recovery(draft.data.get("recovery"))) if draft else ("", "")
    if given:
        text = f"{text.rstrip()}\n\n{given}" if text.strip() else given
    written = await one.write(text, said)
    while written is not None and written.how == EDITOR:
        written = await one.elsewhere(written.text)
    if written is None:  # the console is ending; the draft is kept by it
        return False
    if written.how:
        await work.drop_draft(target.number, kind.id)
        return True
    await work.keep_draft(target.number, kind.id, written.text)
    if written.text.strip():
        work.app.say(f"{target.number}: {kind.id} kept as a draft; the same key or D goes on with it")
    return False


def _looked_at(desk: Desk, number: int, kind: Kind) -> tuple[TicketView, str]:
    """The ticket, and which way a public text would go to the customer; on the database thread."""
    view = look.ticket(desk, number, journal_limit=RECENT)
    return view, "" if kind.internal else clean_line(letters.ways(desk, view.ticket))


def _recovery(file: object) -> str:
    """What to do about an editor that was hung up and kept more than the draft holds."""
    return f"the editor was cut off; what it kept is beside {file} (vim -r)" if file else ""


class _Writing:
    """One text on its way."""

    def __init__(self, work: Work, target: Target, kind: Kind, view: TicketView) -> None:
        self._work, self._kind, self._view = work, kind, view
        self._target = self._aim = target
        self._since: Sequence[JournalEntry] = ()
        self._heading = work.heading(kind.words, (target,))

    async def write(self, text: str, said: str = "") -> Written | None:
        """In the dialog."""
        dialog = self._work.app.dialog(Write).prepare(
            self._heading,
            hint=self._kind.hint,
            text=text,
            options=self._kind.options,
            send=self._send,
            ticket=self._target.number,
            kind=self._kind.id,
            template=inserter(self._work, self._view.ticket, self._kind.id),
            before=self._before,
            said=said,
        )
        return await self._work.ask(dialog)

    async def elsewhere(self, text: str) -> Written | None:
        """In the editor, then to be read once more."""
        number, kind = self._target.number, self._kind.id
        self._work.app.opening(True)  # until the review stands, no key is the list's
        await self._work.keep_draft(number, kind, text)
        try:
            edited = await editor.edit(
                self._work.app, text, f"{kind}-{number}", lambda found: (number, kind, found, {})
            )
        except UsageError as error:
            return await self.write(text, str(error))
        if edited.text is None:
            return await self.write(text, edited.why)
        await self._work.keep_draft(number, kind, edited.text)
        return await self._review(edited.text)

    async def _review(self, text: str) -> Written | None:
        async def send(how: str) -> str:
            return await self._send(Written(text, how))

        dialog = self._work.app.dialog(Review).prepare(
            self._heading,
            hint=self._kind.hint,
            lay_out=lambda width: _lines(text, width),
            options=self._kind.options,
            send=send,
            draft=(self._target.number, self._kind.id, text, {}),
        )
        how = await self._work.ask(dialog)
        return None if how is None else Written(text, {AGAIN: EDITOR, KEEP: ""}.get(how, how))

    async def _send(self, written: Written) -> str:
        number = self._target.number
        wrong = await self._work.write(
            self._kind.id,
            (self._aim,),
            lambda job: self._kind.act(job, written),
            said=f"{number}: {self._kind.id} written",
        )
        if wrong and "changed while" in wrong:
            # The text was written against what has changed since: say so once, then let it be sent.
            self._aim = Target(number, None)
            await self._read_again()
            return wrong.replace("look again, then repeat", "send again to write it all the same")
        return wrong

    async def _read_again(self) -> None:
        """What others did meanwhile stands above what was said before, in the dialog that is open."""
        number, seen = self._target.number, self._view.ticket.version
        view = await self._work.read(lambda desk: look.ticket(desk, number, journal_limit=RECENT))
        if view is not None:
            self._since = [entry for entry in view.journal if entry.version > seen]
            self._view = view
            self._work.app.dialog(Write).show_before()

    def _before(self, width: int) -> Sequence[Line]:
        meanwhile = (
            collision.meanwhile(self._work, self._since, self._view.ticket)(width) if self._since else ()
        )
        return [*meanwhile, *self._said_before(width)]

    def _said_before(self, width: int) -> Sequence[Line]:
        shift = self._work.app.shift
        return conversation(
            self._view.ticket,
            self._view.journal,
            width,
            shift.setting,
            shift.now(),
            internal=self._kind.internal,
            undone=self._view.undone,
        )


def _lines(text: str, width: int) -> Sequence[Line]:
    return [line(one) for one in wrap(text, width)]

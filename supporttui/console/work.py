"""What an action has at hand: the tickets that it is about, the questions it may ask, the one way to write.

The tickets of an action are fixed when its key is pressed, each with the
version that was on the screen then; whatever happens while a dialog is open,
the answer goes to those.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from supporttui.console.dialogs.dialog import Dialog
from supporttui.desk.session import Desk
from supporttui.errors import Conflict, SupportError
from supporttui.quickclass import dataclass
from supporttui.store.records import Draft, Ticket, TicketLine
from supporttui.verbs.registry import BY_ID

from .bulk import MANY, write_many

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp
    from supporttui.console.screens.triage import Triage

T = TypeVar("T")
NAMED_CELLS = 36  # cells of numbers that a heading names before it counts the rest
LEFT_ALONE = "nothing was changed"


@dataclass(frozen=True, slots=True)
class Target:
    """A ticket and the version of it that the screen showed; None: it was not on the screen."""

    number: int
    seen: int | None


@dataclass(frozen=True, slots=True)
class Job:
    """One ticket's part of an action: what a desk verb is called with."""

    desk: Desk
    number: int
    seen: int | None
    batch: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write did: the rows as they are now, which of them still belong to the list, what failed."""

    done: tuple[int, ...]
    rows: tuple[TicketLine, ...] = ()
    belong: frozenset[int] = frozenset()
    failed: Mapping[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What was done last, as a value that `.` does again to other tickets.

    verb: its id.  argument: the answer to its question, as one writes it on the
    `:` line ("2", "urgent -spam", "in 45m"); None: it can't be done again by
    itself, because a text or a question of its own belongs to it.
    """

    verb: str
    argument: str | None


class Work:
    """Services for actions.

    A verb whose answer is one line ends in `apply`: give it a function of (work,
    targets, argument) in `actions.table.ANSWERED`, and the dialog, the `:` line
    and `.` all do the same.  A verb that writes otherwise and can be done again
    calls `remember` when it went well.  Texts for people are never remembered.
    """

    def __init__(self, app: ConsoleApp) -> None:
        self.app = app
        self.last: Act | None = None
        self._leads_on = False  # whether what is saved leads on to a page
        self._asked = False  # whether a dialog has named the tickets of the action that is under way
        self.conflict: Conflict | None = None  # why the last write of one ticket was refused, if that is why

    @property
    def screen(self) -> Triage:
        return self.app.triage

    def targets(self) -> tuple[Target, ...]:
        """The marked tickets, else the one under the cursor."""
        self._asked = False
        marked = self.screen.queue.list.held.marks.keys
        if marked:
            return tuple(Target(number, self._seen(number)) for number in sorted(marked))
        return (self.target(),)

    def target(self) -> Target:
        """The one ticket under the cursor, marks or not."""
        number = self.screen.number
        return Target(number, self._seen(number))

    def _seen(self, number: int) -> int | None:
        """Of what the screen tells of a ticket, the newest: after a change of one's own the row is the first to know."""
        subject, row = self.screen.detail.subject, self.screen.row_of(number)
        shown = [row.version] if row else []
        if subject is not None and subject.ticket.number == number:
            shown.append(subject.ticket.version)
        return max(shown) if shown else self.app.marked_versions.get(number)

    def heading(self, words: str, targets: Sequence[Target], of_one: str = "") -> str:
        """ "Severity of 1042: NETEX crashes…", or "Severity of 3 tickets: 1031, 1042, 1057".

        of_one: said after the number of a single ticket.
        """
        if len(targets) == 1:
            number = targets[0].number
            subject = self.screen.detail.subject
            row = self.screen.row_of(number)
            title = row.subject if row else ""
            if subject is not None and subject.ticket.number == number:
                title = subject.ticket.subject
            return f"{words} {number}{of_one}: {title}"
        return f"{words} {len(targets)} tickets: {named([one.number for one in targets])}"

    # -- what can be done again -----------------------------------------------------------------

    def remember(self, verb_id: str, argument: str | None) -> None:
        """`.` does this again: a verb and the answer to its question; see `Act`."""
        self.last = Act(verb_id, argument)

    async def apply(self, verb_id: str, targets: Sequence[Target], argument: str) -> bool:
        """Do a verb whose question is answered, and remember it; False when nothing was done, which is said.

        argument: as one writes it on the `:` line.
        """
        from supporttui.console.actions.table import answered

        try:
            done = await answered(verb_id)(self, targets, argument)
        except SupportError as error:
            self.app.say(str(error), "error")
            return False
        if done and BY_ID[verb_id].writes:
            self.remember(verb_id, argument)
        return done

    async def ask(self, dialog: Dialog[T]) -> T | None:
        """Show a dialog and wait for its answer; None when it was left.

        Nothing is painted until it is laid out and filled, so that it costs one frame.
        """
        self._asked = True
        hold = ExitStack()
        hold.enter_context(self.app.batch_update())
        hold.callback(self.app.opening, False)
        self.app.opening(True)
        answer: asyncio.Future[T | None] = self.app.push_screen(dialog, wait_for_dismiss=True)
        self._paint_footers()
        dialog.when_open(hold.close)
        dialog.when_answered(partial(self.app.opening, True))  # until it is known what comes of it
        try:
            return await answer
        finally:
            hold.close()
            if not self.app.performer.goes_on_here:
                self.app.opening(False)
            self._paint_footers()

    def _paint_footers(self) -> None:
        """The bottom lines of what is below a dialog tell the dialog's keys while it is open."""
        self.screen.paint_bars("footer")
        for below in self.app.screen_stack:
            if isinstance(below, Dialog):
                below.paint_footer()

    async def read(self, work: Callable[[Desk], T]) -> T | None:
        """A read for a dialog; None (and said) when the store can't be read."""
        try:
            return await self.app.link.run(work)
        except SupportError as error:
            self.app.say(str(error), "error")
            return None

    async def write(
        self, what: str, targets: Sequence[Target], act: Callable[[Job], Ticket], *, said: str = ""
    ) -> str:
        """Do `act` to every target, as one batch; returns what went wrong, "" when all went well.

        what: names it while it is being saved.  said: the notice of success.
        """
        self.conflict = None
        if len(targets) > MANY and not await self.sure(what, targets, said):
            return LEFT_ALONE
        if 1 < len(targets) <= MANY and not self._asked and not await self.meant(what, targets, said):
            return LEFT_ALONE
        if len(targets) > 1:
            return await write_many(self, what, targets, act, said or what)
        outcome = await self.busy(what, lambda desk: self._do(desk, targets, act))
        if isinstance(outcome, str):
            return outcome
        self.settle(outcome)
        failed = outcome.failed or {}
        if failed:
            return failed[targets[0].number]
        self.app.say(said or f"{what}: done", "good")
        self.written()
        return ""

    def written(self) -> None:
        """A verb wrote something: what `.` did before is no longer the last act."""
        if self.app.acting is not None:
            self.remember(self.app.acting.id, None)

    async def meant(self, what: str, targets: Sequence[Target], said: str = "") -> bool:
        """Ask before several tickets are changed by a verb that showed no dialog with their numbers."""
        from supporttui.console.dialogs.choose import Choose
        from supporttui.console.widgets.menu import Option

        words = said.removeprefix(f"{len(targets)} tickets: ") or what
        options = (
            Option("no", "No, leave them", key="n"),
            Option("yes", f"Yes, all {len(targets)} that are marked", key="y"),
        )
        heading = self.heading(f"{words[:1].upper()}{words[1:]}:", targets)
        return await self.ask(self.app.dialog(Choose).prepare(heading, options)) == "yes"

    async def sure(self, what: str, targets: Sequence[Target], said: str = "") -> bool:
        """Have the number of tickets typed before so many of them are changed."""
        from supporttui.console.dialogs.line import AskLine

        count = len(targets)
        words = said.removeprefix(f"{count} tickets: ") or what
        wanted = str(count)
        dialog = self.app.dialog(AskLine).prepare(
            self.heading(f"{words[:1].upper()}{words[1:]}:", targets),
            hint=f"type {wanted}, the number of tickets, to go on",
            check=lambda text: "" if text.strip() == wanted else f"type {wanted} to change them, Esc leaves",
        )
        return await self.ask(dialog) is not None

    async def tell(
        self, what: str, targets: Sequence[Target], act: Callable[[Job], Ticket], *, said: str = ""
    ) -> bool:
        """`write`, with what went wrong said in the bottom line."""
        wrong = await self.write(what, targets, act, said=said)
        if wrong and self.conflict is not None and len(targets) == 1:
            from .collision import settle

            return await settle(self, what, targets[0], act, said)
        if wrong:
            self.app.say(wrong, "" if wrong == LEFT_ALONE else "error")
        return not wrong

    async def busy(self, what: str, work: Callable[[Desk], T]) -> T | str:
        """The result of a write, or what went wrong; `what` names it meanwhile."""
        shift = self.app.shift
        if shift.busy:
            return f"still saving: {shift.busy}"
        shift.busy = what
        # Keys that come while it is saved move about, and a verb waits; but those behind a dialog's
        # button wait for what comes of it.
        self.app.opening(False)
        leads_on = self._leads_on or isinstance(self.app.screen, Dialog)
        try:
            with self.app.held_back() if leads_on else nullcontext():
                return await self.app.link.run(work)
        except Conflict as conflict:
            self.app.reader.stale()
            return str(conflict)
        except SupportError as error:
            return str(error)
        finally:
            shift.busy = ""
            if leads_on and self.app.performer.goes_on_here:
                self.app.opening(True)  # until all is done that comes of it

    @contextmanager
    def leading_on(self) -> Iterator[None]:
        """What is saved here leads on to a page or a dialog, for which keys wait."""
        self._leads_on = True
        try:
            yield
        finally:
            self._leads_on = False

    def _do(self, desk: Desk, targets: Sequence[Target], act: Callable[[Job], Ticket]) -> Outcome:
        """On the database thread: one transaction a ticket, one batch for all."""
        from supporttui.desk.act import new_batch

        batch, failed, done = new_batch(), {}, []
        for target in targets:
            try:
                done.append(act(Job(desk, target.number, target.seen, batch)).number)
            except SupportError as error:
                failed[target.number] = str(error)
                self.conflict = error if isinstance(error, Conflict) else None
        return self.outcome(desk, done, failed)

    def outcome(self, desk: Desk, numbers: Sequence[int], failed: Mapping[int, str] | None = None) -> Outcome:
        """On the database thread: the rows that changed, and whether the list still has them."""
        where, sort = self.screen.question.resolved(desk.now(), desk.actor, desk.policy, self.app.zone)
        from supporttui.desk import look

        with look.snapshot(desk):
            rows = tuple(look.lines(desk, list(numbers))) if numbers else ()
            belong = frozenset(
                number for number in numbers[:50] if look.rank(desk, where, sort, number) is not None
            )
        return Outcome(tuple(numbers), rows, belong, failed)

    def settle(self, outcome: Outcome) -> None:
        """Rows that were changed here stay where they are, and the rest is read anew."""
        queue = self.screen.queue.list
        for row in outcome.rows:
            queue.keep(row.number, row, matches=row.number in outcome.belong)
        self.app.reader.stale()

    def mark_only(self, numbers: Sequence[int]) -> None:
        """Leave marks on these tickets alone."""
        known = self.app.marked_versions
        self.app.marked_versions = {number: known[number] for number in numbers if number in known}
        self.screen.queue.list.mark(lambda held: held.mark_only(numbers))

    async def do(self, what: str, work: Callable[[Desk], Any]) -> Any:
        """Any other write; what went wrong is said and None returned."""
        result = await self.busy(what, work)
        if isinstance(result, str):
            self.app.say(result, "error")
            return None
        return result

    # -- drafts ---------------------------------------------------------------------------------

    def draft(self, ticket: int, kind: str) -> Draft | None:
        """What was left unsent."""
        return self.app.drafts.get((ticket, kind))

    async def keep_draft(
        self, ticket: int, kind: str, body: str, data: Mapping[str, str] | None = None
    ) -> None:
        """Keep unsent text, or forget the draft when there is none."""
        from supporttui.console import drafts

        if not body.strip() and not data:
            await self.drop_draft(ticket, kind)
            return
        draft = Draft(
            actor=self.app.shift.setting.actor,
            ticket=ticket,
            kind=kind,
            body=body,
            data=dict(data or {}),
            updated_at=self.app.shift.now(),
        )
        self.app.drafts[ticket, kind] = draft
        await self.read(lambda desk: drafts.save(desk, draft))

    async def drop_draft(self, ticket: int, kind: str) -> None:
        from supporttui.console import drafts

        if self.app.drafts.pop((ticket, kind), None) is not None:
            await self.read(lambda desk: drafts.drop(desk, ticket, kind))


def named(numbers: Sequence[int]) -> str:
    """ "1031, 1042 and 22 more": as many as a heading has room for, and how many more."""
    shown = list(numbers)
    while len(shown) > 2 and len(", ".join(map(str, shown))) > NAMED_CELLS:
        shown.pop()
    more = len(numbers) - len(shown)
    return ", ".join(map(str, shown)) + (f" and {more} more" if more else "")

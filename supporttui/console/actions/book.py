"""Records of the book from the console: one is added, changed or removed, on whatever page it is shown.

A change is written against the version that was on the screen.  When somebody
was faster, their fields come into the form where the analyst touched nothing,
what they did is told, and saving again writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.form import Form
from supporttui.console.dialogs.record import FORGET, Saved, Settled, form_of
from supporttui.console.widgets.drop_list import Candidate
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Work
from supporttui.desk import book as keeping
from supporttui.desk import entry, releasing
from supporttui.desk.book.fields import fields_of, sheet_of
from supporttui.desk.session import Desk
from supporttui.errors import Conflict, SupportError

DRAFT = "book"  # drafts of records: "book licence 12", of a new one "book licence +12" with its owner's id


class Seen(NamedTuple):
    """A record as a form shows it.  id 0: a new one.  label: in words."""

    id: int
    version: int
    label: str
    values: Mapping[str, str]


async def add(work: Work, kind: str, given: Mapping[str, str], owner: int = 0) -> Any:
    """The form for a new record; the record when one was written, else None.

    given: what is known of it already.  owner: the id of the customer or product that it belongs to, by
    which an unsent draft is found again.
    """
    blank = {one.name: "" for one in fields_of(kind)}
    return await _Entry(work, kind, Seen(0, 0, "", {**blank, **given}), owner).go_on()


async def edit(work: Work, kind: str, id: int) -> Any:
    """The form for a record that there is; the record as it is when something was written, else None."""
    seen = await work.read(lambda desk: _seen(desk, kind, id))
    return await _Entry(work, kind, seen).go_on() if seen is not None else None


def _seen(desk: Desk, kind: str, id: int) -> Seen:
    record = keeping.find(desk, kind, f"#{id}")
    label = keeping.Names(desk).label(kind, record)
    return Seen(id, record.version, label, keeping.texts(desk, kind, record))


class _Entry:
    """One record on its way from the form into the book."""

    def __init__(self, work: Work, kind: str, seen: Seen, owner: int = 0) -> None:
        self.work, self.kind, self.seen = work, kind, seen
        self.title = sheet_of(kind).title
        self.written: Any = None
        self.draft = f"{DRAFT} {kind} {seen.id or f'+{owner}'}"

    async def go_on(self) -> Any:
        kept = self.work.draft(0, self.draft)
        known = {one.name for one in fields_of(self.kind)}
        drafted = {name: str(text) for name, text in kept.data.items() if name in known} if kept else {}
        dialog = self.work.app.dialog(form_of(self.kind))
        heading = f"Edit {self.seen.label}" if self.seen.id else f"New {self.title}"
        form = Form(
            values={**self.seen.values, **drafted},
            required=[one.name for one in fields_of(self.kind) if one.required],
            completes=_completed(self.kind),
            ask=self._ask,
            remark=lambda _values: "",
            listing=frozenset(one.name for one in fields_of(self.kind) if one.type in ("reference", "zone")),
        )
        answer = await self.work.ask(
            dialog.prepare(
                heading,
                form,
                self.draft,
                self.seen.values,
                self._settle,
                self._save,
                keep_all=not self.seen.id,
            )
        )
        if answer == "left":
            await self._leave(dialog.to_keep())
        elif answer in ("saved", FORGET):
            await self.work.drop_draft(0, self.draft)
        if self.written is not None and self.seen.id:
            await _offer_tickets(self.work, self.kind, self.written, self.seen.values.get("name", ""))
        return self.written

    async def _leave(self, left: Mapping[str, str]) -> None:
        await self.work.keep_draft(0, self.draft, "", left)
        if left:
            self.work.app.say(f"what you wrote of the {self.title} is kept as a draft")

    async def _ask(self, name: str, typed: str, values: Mapping[str, str]) -> Sequence[Candidate]:
        try:
            found = await self.work.app.link.run(
                lambda desk: entry.candidates(desk, self.kind, name, typed, values)
            )
        except SupportError:
            return ()
        return [Candidate(text) for text in found]

    async def _settle(self, name: str, values: Mapping[str, str]) -> Settled:
        def read(desk: Desk) -> Settled:
            try:
                return Settled(entry.settled(desk, self.kind, name, values))
            except SupportError as error:
                return Settled(wrong=str(error))

        try:
            return await self.work.app.link.run(read)
        except SupportError:
            return Settled(values.get(name, ""))  # looked at when it is saved

    # -- saving ---------------------------------------------------------------------------------

    async def _save(self, values: Mapping[str, str]) -> Saved:
        changed = {
            name: text for name, text in values.items() if text != self.seen.values.get(name, "").strip()
        }
        if self.seen.id and not changed:
            self.work.app.say(f"{self.seen.label}: nothing was changed")
            return Saved()
        said = len(self.work.app.shift.said)
        done = await self.work.do(f"the {self.title}", lambda desk: self._write(desk, values, changed))
        if done is None:
            why = [notice.text for notice in tuple(self.work.app.shift.said)[said:]]
            return Saved(why[-1] if why else "it could not be saved: save again")
        if isinstance(done, Saved):
            return done
        self.work.app.reader.stale()
        label, self.written = done
        self.work.app.say(f"{label}: {'changed' if self.seen.id else 'added'}; u takes that back", "good")
        for news in await self.work.read(releasing.news) or ():
            self.work.app.say(news, "good")
        return Saved()

    def _write(
        self, desk: Desk, values: Mapping[str, str], changed: Mapping[str, str]
    ) -> tuple[str, Any] | Saved:
        """On the database thread: what was written, in words and the record, or why it wasn't."""
        try:
            if self.seen.id:
                record = keeping.change(desk, self.kind, self.seen.id, changed, seen=self.seen.version)
            else:
                filled = {name: text for name, text in values.items() if text}
                record = keeping.add(desk, self.kind, filled)
            return keeping.Names(desk).label(self.kind, record), record
        except Conflict as conflict:
            return self._merged(desk, conflict, values, changed)
        except SupportError as error:
            return Saved(str(error))

    def _merged(
        self, desk: Desk, conflict: Conflict, values: Mapping[str, str], changed: Mapping[str, str]
    ) -> Saved:
        """Theirs where the analyst touched nothing; what both touched stays as the analyst wrote it."""
        before, now = self.seen.values, _seen(desk, self.kind, self.seen.id)
        both = [name for name in changed if now.values.get(name, "") != before.get(name, "")]
        self.seen = now
        titles = {one.name: one.title for one in fields_of(self.kind)}
        who = "; ".join(conflict.changes) or "it was changed"
        over = (
            f"Save writes your {', '.join(titles[name] for name in both)} over it"
            if both
            else "Save writes yours too"
        )
        return Saved(f"changed while you wrote; {over}: {who}", {**now.values, **changed}, now.values)


async def _offer_tickets(work: Work, kind: str, record: Any, former: str) -> None:
    """After a new name: whether tickets that carry a former one take it, too; else they vanish from its page."""
    from supporttui.desk.book.renaming import MOST, RENAMED, rename, tickets_named

    if kind not in RENAMED or record.name == former:
        return
    count = await work.read(lambda desk: tickets_named(desk, kind, record)) or 0
    if not count:
        return
    tickets = "1 ticket" if count == 1 else f"{count:,} tickets"
    if count > MOST:
        work.app.say(
            f"{tickets} carry a former name of {record.name}: leave them, they stay findable by that"
        )
        return
    dialog = work.app.dialog(Choose).prepare(
        f"{tickets} {'carries' if count == 1 else 'carry'} a former name of {record.name}: put the new one on?",
        (
            Option("no", "No, only that name finds them", key="n"),
            Option("yes", f"Yes, on {tickets}", key="y", note="an entry in the journal; u takes it back"),
        ),
    )
    if await work.ask(dialog) != "yes":
        return
    done = await work.do("the tickets", lambda desk: rename(desk, kind, record.id, {}))
    if done is not None:
        work.app.reader.stale()
        work.app.say(f"{record.name} is on {tickets} now; u takes that back", "good")


def _completed(kind: str) -> frozenset[str]:
    offered = ("reference", "zone", "choice", "yes", "currency", "day")
    return frozenset(
        one.name
        for one in fields_of(kind)
        if one.type in offered or one.suggests or (kind == "host" and one.name in ("os", "os_release"))
    )


# -- taking out, and drafts ------------------------------------------------------------------------


async def remove(work: Work, kind: str, id: int, version: int, label: str) -> bool:
    """Ask, and take a record out of the book; True when that was done."""
    options = [
        Option("no", "No, leave it", key="n"),
        Option("yes", "Yes, remove it", key="y", role="overdue"),
    ]
    if kind in _PARTS:
        options.append(
            Option("parts", "Yes, and all that is part of it", key="a", note=_PARTS[kind], role="overdue")
        )
    dialog = work.app.dialog(Choose).prepare(f"Remove {label}?", options, hint="u brings it back")
    answer = await work.ask(dialog)
    if answer not in ("yes", "parts"):
        return False
    done = await work.do(
        f"removing {label}",
        lambda desk: keeping.remove(desk, kind, id, seen=version, parts=answer == "parts"),
    )
    if done is not None:
        work.app.reader.stale()
        work.app.say(f"{label}: removed; u brings it back", "good")
    return done is not None


_PARTS = {
    "customer": "sites, contacts, licences, contracts, hosts …",
    "product": "its releases, licences, installations …",
    "host": "what is installed on it",
}


def drafted(kind: str) -> str:
    """What a draft of this kind is of, "" when it is none of the book's: "a new licence", "licence #12"."""
    words = kind.split(" ")
    if len(words) != 3 or words[0] != DRAFT:
        return ""
    title = sheet_of(words[1]).title
    return f"a new {title}" if words[2].startswith("+") else f"{title} #{words[2]}"


async def resume(work: Work, kind: str) -> None:
    """Go on with a draft of the book."""
    _, record, which = kind.split(" ")
    if which.startswith("+"):
        await add(work, record, {}, int(which))
    else:
        await edit(work, record, int(which))

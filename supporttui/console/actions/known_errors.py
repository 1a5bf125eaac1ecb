"""Known errors from the console: those of the ticket under the cursor, or any; a page, and what is done from it."""

from __future__ import annotations

from supporttui.console.work import Target, Work
from supporttui.desk import known_errors, known_hints, way_out
from supporttui.desk.known_hints import Told
from supporttui.desk.session import Desk
from supporttui.errors import NotFound

MOST = 5_000


async def of_ticket(work: Work) -> None:
    """What the ticket is about, or likely about; where nothing is known, a look through all."""
    target = work.target()
    found = await work.read(lambda desk: known_hints.told_of(desk, target.number))
    if found:
        await _Reading(work, target).go_on(found)
    elif found is not None:
        await _Reading(work, target).search()


async def of_all(work: Work) -> None:
    """All of them; from the page of one back to the list."""
    number = work.screen.number
    await _Reading(work, work.target() if number else None).search()


class _Reading:
    """Somebody reads known errors.  target: the ticket that they are read for, None for none."""

    def __init__(self, work: Work, target: Target | None) -> None:
        self.work, self.target = work, target
        self.number = target.number if target else 0

    async def search(self) -> None:
        """The list, then the page of what was chosen, and back, until the list is left."""
        from supporttui.console.dialogs.known import NEW, FindKnown

        while True:
            read = await self.work.read(_all)
            if read is None:
                return
            found, owing = read
            row = self.work.screen.row_of(self.number) if self.number else None
            if row is not None:  # those of the ticket's product first
                found.sort(key=lambda one: one.product.casefold() != row.product.casefold())
            answer = await self.work.ask(self.work.app.dialog(FindKnown).prepare(found, self.number, owing))
            if not answer:
                return
            known = await self._made() if answer == NEW else int(answer)
            if known and not await self.go_on(await self._one(known)):
                return

    async def go_on(self, found: tuple[Told, ...] | None) -> bool:
        """The page, again after whatever is done from it; True when its reader wants the list."""
        from supporttui.console.screens import known as screen

        at = 0
        while found:
            page = self.work.app.dialog(screen.KnownPage).prepare(
                found, self.number, self.work.app.reader.served, at
            )
            answer = await self.work.ask(page)
            at, one = page.at, page.shown.hint.known.record.id
            if answer == screen.SEARCH:
                return await self._elsewhere()
            if not answer:
                return True
            if answer == screen.WORKAROUND:
                await self._reply(page.shown)
                return False
            if answer == screen.NEW:
                one = await self._made() or one
            elif answer == screen.EDIT:
                from .book import edit

                await edit(self.work, known_errors.KIND, one)
            else:
                await self._link(one, remove=answer == screen.UNLINK)
            found, at = await self._again(found, one)
        return False

    async def _elsewhere(self) -> bool:
        """The list, unless it is the list that one came from."""
        await self.search()
        return False

    async def _again(self, found: tuple[Told, ...], one: int) -> tuple[tuple[Told, ...] | None, int]:
        """What is shown after something was done: of the ticket if it has this one, else this one alone."""
        if self.number:
            found = await self.work.read(lambda desk: known_hints.told_of(desk, self.number)) or ()
            at = next((at for at, told in enumerate(found) if told.hint.known.record.id == one), -1)
            if at >= 0:
                return found, at
        return await self._one(one), 0

    async def _one(self, known: int) -> tuple[Told, ...] | None:
        def read(desk: Desk) -> tuple[Told, ...]:
            try:
                return (known_hints.told_one(desk, known, self.number),)
            except NotFound:
                return ()

        return await self.work.read(read)

    # -- doing ----------------------------------------------------------------------------------

    async def _link(self, known: int, *, remove: bool) -> None:
        words = f"{'no longer ' if remove else ''}about known error {known_errors.name_of(known)}"
        target = Target(self.number, None)  # what others wrote meanwhile makes it no less about this error
        with self.work.leading_on():
            await self.work.tell(
                "the known error",
                (target,),
                lambda job: known_errors.link(
                    job.desk, job.number, known, remove=remove, seen=job.seen, batch=job.batch
                ),
                said=f"{self.number}: {words}",
            )

    async def _reply(self, told: Told) -> None:
        """A reply with the workaround in it; once it is sent, the ticket is about this known error."""
        from .write import reply_to

        known = told.hint.known.record
        sent = await reply_to(self.work, Target(self.number, None), known.workaround.strip())
        if sent and not told.hint.linked:
            await self._link(known.id, remove=False)

    async def _made(self) -> int:
        """A new one, from the ticket if there is one; its id, 0 for none."""
        from .book import add

        given = await self.work.read(self._given)
        record = await add(self.work, known_errors.KIND, given, self.number) if given is not None else None
        if record is None:
            return 0
        if self.target is not None:
            await self._link(record.id, remove=False)
        return int(record.id)

    def _given(self, desk: Desk) -> dict[str, str]:
        """On the database thread: what the ticket tells of it."""
        if not self.number:
            return {}
        from supporttui.desk.act import fetch

        ticket = fetch(desk, self.number)
        return {  # as known_errors.from_ticket, in a form's words
            "product": ticket.product, "title": ticket.subject, "symptom": ticket.description,
            "found_in": ticket.release, "state": "reported",
        }  # fmt: skip


def _all(desk: Desk) -> tuple[list[known_errors.Known], frozenset[int]]:
    """On the database thread: all of them, and which of them owe a way out."""
    with desk.store.read():
        found = known_errors.listed(desk, limit=MOST)
        if not desk.policy.known_errors.owes_a_way_out:
            return found, frozenset()
        return found, frozenset(one.known.record.id for one in way_out.owed(desk))

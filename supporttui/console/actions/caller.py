"""Who calls, for the report form: found as one types, and what the book knows of them filled in.

The look-up's directory serves here too, so that it is read once.  Everything is
asked for on the database thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supporttui.console.dialogs.form import Filled
from supporttui.console.widgets.drop_list import Candidate
from supporttui.console.work import Work
from supporttui.desk import caller, known
from supporttui.desk.caller import Dossier
from supporttui.desk.customers import Directory, digits_of
from supporttui.desk.session import Desk
from supporttui.errors import SupportError

from .known import COMPLETED, asker, of_customer

TELLING = frozenset({"customer", "contact", "contact_phone", "site", "product", "release", "os"})
LISTING = frozenset({"customer", "contact_phone"})
MOST = 12  # customers that are offered
LEAST = 2  # letters of a customer before anybody is looked for
LEAST_DIGITS = 3  # of a telephone number


class Caller:
    """One showing of the form: whom one looked for, and by what they were found."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._found_by: dict[str, str] = {}  # customer, folded → what was typed when they were found
        self._why: dict[str, str] = {}  # customer, folded → what of it matched
        self._fresh = False
        self._began = f"{work.app.shift.now().astimezone(work.app.zone):%Y-%m-%d %H:%M}"
        self._ask = asker(work)

    @property
    def _directory(self) -> Directory:
        from supporttui.console.dialogs.customers import LookUp

        return self._work.app.dialog(LookUp).directory

    # -- candidates -----------------------------------------------------------------------------

    async def ask(self, name: str, typed: str, values: Mapping[str, str]) -> Sequence[Candidate]:
        """What may be meant: of this customer first, then what is known otherwise."""
        try:
            if name == "customer" and len(typed.strip()) >= LEAST:
                return await self._customers(typed)
            if name == "contact_phone" and not values.get("customer"):
                return await self._numbers(typed)
            if name in caller.OFFERED and values.get("customer"):
                own = await self._work.app.link.run(lambda desk: _own(desk, name, typed, values))
                others = [] if own and name in ("contact", "site") else await self._ask(name, typed, values)
                return _together(own, others)
        except SupportError:
            return ()
        return await self._ask(name, typed, values)

    async def _customers(self, typed: str) -> Sequence[Candidate]:
        directory, fresh = self._directory, self._fresh

        def look(desk: Desk) -> Sequence[tuple[str, str, int]]:
            if not fresh:
                directory.refresh(desk)
            return [(one.name, one.why, one.open) for one in directory.search(desk, typed)[:MOST]]

        found = await self._work.app.link.run(look)
        self._fresh = True  # not before: what is typed on takes an older question back
        for name, why, _ in found:
            self._found_by[name.casefold()], self._why[name.casefold()] = typed, why
        return [Candidate(name, f"{why or name}; {_open(count)}") for name, why, count in found]

    async def _numbers(self, typed: str) -> Sequence[Candidate]:
        """Telephones with these digits, in whatever form they are typed, and whose they are."""
        digits = digits_of(typed)
        if len(digits) < LEAST_DIGITS or any(char.isalpha() for char in typed):
            return ()
        found = await self._customers(typed)
        numbers = ((self._why.get(one.text.casefold(), ""), one.text) for one in found)
        return [Candidate(phone, whose) for phone, whose in numbers if digits in digits_of(phone)]

    # -- what follows ---------------------------------------------------------------------------

    async def tell(self, name: str, values: Mapping[str, str]) -> Filled:
        """What a settled field tells of the others."""
        try:
            return await self._told(name, values)
        except SupportError:
            return Filled()

    async def _told(self, name: str, values: Mapping[str, str]) -> Filled:
        work, customer = self._work, values.get("customer", "")
        if name == "contact_phone" and not customer:
            return await self._by_number(values["contact_phone"])
        found_by, meant = self._why.get(customer.casefold(), ""), ""
        if name == "customer" and caller.by_telephone(customer):
            typed, hits = customer, await self._customers(customer)
            if len(hits) == 1:
                meant = customer = hits[0].text
                found_by = self._why.get(customer.casefold(), "") or typed
        settled = {**values, "customer": customer}
        typed = self._found_by.get(customer.casefold(), "")
        by = typed if caller.by_telephone(typed) else found_by

        def look(desk: Desk) -> tuple[dict[str, str], known.CustomerFacts | None]:
            return _known_of(desk, name, settled, by)

        filled, facts = await work.app.link.run(look)
        filled.pop(name, None)
        if filled.get("channel") == caller.PHONE:  # the clocks count from when the telephone was picked up
            filled["reported_at"] = self._began
        said = of_customer(work, customer, facts).said if name == "customer" else ""
        return Filled(filled, said, meant)

    async def _by_number(self, number: str) -> Filled:
        """The customer whose telephone it is, when there is only one."""
        if not caller.by_telephone(number):
            return Filled()
        hits = await self._customers(number)
        if len(hits) != 1:
            return Filled()
        told = await self._told("customer", {"customer": hits[0].text})
        return Filled({"customer": hits[0].text, **told.values}, told.said)


def _known_of(
    desk: Desk, name: str, values: Mapping[str, str], found_by: str
) -> tuple[dict[str, str], known.CustomerFacts | None]:
    """On the database thread: the fields that follow, from the book, and from earlier tickets where it has none."""
    customer = values.get("customer", "")
    facts = known.about_customer(desk, customer) if customer else None
    dossier = caller.read(desk, customer)
    filled = dict.fromkeys(caller.FILLED, "") if name == "customer" else {}
    if facts is not None and name == "customer":
        filled |= {"plan": facts.plan, "site": facts.site}
    if dossier is not None:
        follows = caller.filled(dossier, _settled(values, name), found_by, desk.policy.channels)
        keep = {"site"} if not dossier.sites else set()
        filled |= {field: text for field, text in follows.items() if text or field not in keep}
    contact = values.get("contact", "") or filled.get("contact", "")
    person = known.about_contact(desk, customer, contact) if contact else None
    if person is not None:
        filled["contact_email"] = filled.get("contact_email") or person.email
        filled["contact_phone"] = filled.get("contact_phone") or person.phone
    return filled, facts


# What is settled behind a field was filled in because of it, and is worked out anew.
BEHIND = {
    "customer": ("contact", "site", "product", "release", "os", "os_release", "plan"),
    "contact": ("site", "product", "release", "os", "os_release"),
    "site": ("product", "release", "os", "os_release"),
    "product": ("release", "os", "os_release", "plan"),
    "release": ("os", "os_release"),
    "os": ("os_release",),
}


def _settled(values: Mapping[str, str], name: str) -> dict[str, str]:
    return {field: text for field, text in values.items() if field not in BEHIND.get(name, ())}


def _own(desk: Desk, name: str, typed: str, values: Mapping[str, str]) -> list[str]:
    """On the database thread: what this customer has, that begins like what is typed."""
    dossier: Dossier | None = caller.read(desk, values.get("customer", ""))
    if dossier is None:
        return []
    low = typed.strip().casefold()
    others = {field: text for field, text in values.items() if field != name}
    return [one for one in caller.candidates(dossier, name, others) if one.casefold().startswith(low)]


def _together(own: Sequence[str], others: Sequence[Candidate]) -> list[Candidate]:
    known_already = {one.casefold() for one in own}
    return [
        *(Candidate(one) for one in own),
        *(one for one in others if one.text.casefold() not in known_already),
    ]


def _open(count: int) -> str:
    return f"{count:,} open" if count else "none open"


__all__ = ["COMPLETED", "LISTING", "TELLING", "Caller"]

"""What forms ask the store while they are filled in: candidates, and facts of a customer or contact."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from supporttui.console.dialogs.form import Filled
from supporttui.console.widgets.drop_list import Candidate
from supporttui.console.work import Work
from supporttui.desk import known
from supporttui.errors import SupportError, UsageError
from supporttui.when import zone_of

COMPLETED = frozenset(
    {
        "severity", "customer", "contact", "site", "channel", "product", "release", "os", "os_release",
        "environment", "category", "plan", "tags",
    }
)  # fmt: skip
TELLING = frozenset({"customer", "contact"})


def asker(work: Work) -> Callable[[str, str, Mapping[str, str]], Awaitable[Sequence[Candidate]]]:
    """Candidates for a field; a store that can't be read has none, and typing goes on."""

    async def ask(name: str, typed: str, values: Mapping[str, str]) -> Sequence[Candidate]:
        if name == "severity":
            return _severities(work, typed)
        customer, product = values.get("customer", ""), values.get("product", "")
        try:
            found = await work.app.link.run(
                lambda desk: known.candidates(desk, name, typed, customer=customer, product=product)
            )
        except SupportError:
            return ()
        return [Candidate(text) for text in found]

    return ask


def completed(work: Work, name: str) -> Callable[[str], Awaitable[Sequence[Candidate]]]:
    """Candidates for a line that holds one field."""
    ask = asker(work)

    async def source(typed: str) -> Sequence[Candidate]:
        return await ask(name, typed, {})

    return source


def _severities(work: Work, typed: str) -> Sequence[Candidate]:
    facts = work.app.facts
    all_of_them = [
        Candidate(f"{number} {name}", facts.definitions.get(number, ""))
        for number, name in facts.severities.items()
    ]
    low = typed.strip().casefold()
    begins = [one for one in all_of_them if one.text.casefold().startswith(low)]
    # Of a field that holds one already, the others are wanted too.
    return all_of_them if any(one.text.casefold() == low for one in begins) else begins or all_of_them


def teller(work: Work) -> Callable[[str, Mapping[str, str]], Awaitable[Filled]]:
    """What a customer or a contact that is known tells of other fields."""

    async def tell(name: str, values: Mapping[str, str]) -> Filled:
        customer, contact = values.get("customer", ""), values.get("contact", "")
        try:
            if name == "customer":
                found = await work.app.link.run(lambda desk: known.about_customer(desk, customer))
                return of_customer(work, customer, found)
            person = await work.app.link.run(lambda desk: known.about_contact(desk, customer, contact))
        except SupportError:
            return Filled()
        if person is None:
            return Filled()
        return Filled({"contact_email": person.email, "contact_phone": person.phone})

    return tell


def of_customer(work: Work, typed: str, found: known.CustomerFacts | None) -> Filled:
    """What is known of a customer: fields, and a line with plan, local time and open tickets."""
    if found is None:
        return Filled(said=f"{typed}: not known yet")
    facts = [f"plan {found.plan}" if found.plan else "no plan known", _their_time(work, found.zone)]
    facts.append(f"{found.open} open {'ticket' if found.open == 1 else 'tickets'}")
    values = {"plan": found.plan, "site": found.site}
    return Filled(values, f"{found.name}: {', '.join(filter(None, facts))}")


def _their_time(work: Work, zone: str) -> str:
    """ "Europe/London, 21:46 there"."""
    if not zone:
        return ""
    try:
        return f"{zone}, {work.app.shift.now().astimezone(zone_of(zone)):%H:%M} there"
    except UsageError:
        return zone

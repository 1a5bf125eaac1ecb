"""Which ticket an uploaded file is meant for, from the names of its folders and its own.

A signed reference is believed anywhere.  A bare number counts where it is plainly one: as a folder's
whole name, at the beginning of a file's, or behind a word such as "ticket"; process ids, dates and
releases in names of dumps are none.  Two that disagree are nobody's: a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from supporttui.desk.mail_threads import ticket_at_end
from supporttui.desk.reference import number_of, references_in
from supporttui.desk.session import Desk
from supporttui.quickclass import dataclass
from supporttui.store import book, tickets
from supporttui.store.columns import fold
from supporttui.store.records import Ticket

_WORDS = r"(?:ticket|problem|case|call|incident|pmr|sr|nr|no)"
_BEHIND_A_WORD = re.compile(rf"(?<![a-z]){_WORDS}[ ._#-]{{0,2}}([1-9][0-9]{{0,11}})(?![0-9a-z])", re.I)
_MARKED = re.compile(r"#([1-9][0-9]{0,11})(?![0-9a-z])", re.I)
_AT_BEGINNING = re.compile(r"([1-9][0-9]{0,11})(?=[ _-]|$|\.[A-Za-z])")
_WHOLE = re.compile(r"#?([1-9][0-9]{0,11})")
_BETWEEN = re.compile(r"[\s._-]+")
MOST_NAME = 255  # characters of a name that are read


@dataclass(frozen=True, slots=True)
class Match:
    """ticket: 0 for none.  claimed: the ticket that was named but is not believed, or 0.  customer: whose folder
    it is, "" for nobody's.  why: in words.  sure: by a reference, or in the folder of the ticket's customer.
    """

    ticket: int
    why: str
    claimed: int = 0
    customer: str = ""
    sure: bool = False


def numbers_in(folders: Sequence[str], name: str) -> tuple[int, ...]:
    """The bare numbers of tickets that the names of folders and of a file name, each once."""
    found = [int(whole[1]) for folder in folders if (whole := _WHOLE.fullmatch(folder[:MOST_NAME].strip()))]
    name = name[:MOST_NAME]
    for text in (*(folder[:MOST_NAME] for folder in folders), name):
        for pattern in (_BEHIND_A_WORD, _MARKED):
            found += [int(one[1]) for one in pattern.finditer(text)]
    first = _AT_BEGINNING.match(name)
    if first and not _is_date(first[1]):
        found.append(int(first[1]))
    return tuple(dict.fromkeys(found))


def _is_date(digits: str) -> bool:
    """Whether digits that begin a name are more likely a day: 20261122, 2026-…"""
    return (len(digits) in (4, 8) and digits[:2] in ("19", "20")) or len(digits) in (12,)


class Customers:
    """Whose folder a name is: a customer's number or name, however it is spaced, or as the settings say."""

    def __init__(self, desk: Desk, named: Mapping[str, str]) -> None:
        self._names: dict[str, set[str]] = {}
        self._strange: set[str] = set()
        for one in book.select(desk.store, "customer"):
            for word in (one.name, one.key):
                if word:
                    self._names.setdefault(_plain(word), set()).add(one.name)
        for folder, customer in named.items():
            meant = self._names.get(_plain(customer))
            if meant is None:
                self._strange.add(customer)
            self._names[_plain(folder)] = set(meant or {customer})

    def strange(self, customer: str) -> bool:
        """Whether only the settings have this customer, and the book doesn't."""
        return customer in self._strange

    def of(self, folders: Sequence[str]) -> tuple[str, Sequence[str]]:
        """The customer of the outermost folder that is one's, and the other folders; "" for none, and for a
        name of two."""
        for place, folder in enumerate(folders):
            found = self._names.get(_plain(folder[:MOST_NAME]))
            if found:
                others = [*folders[:place], *folders[place + 1 :]]
                return (next(iter(found)) if len(found) == 1 else ""), others
        return "", folders


def match(desk: Desk, folders: Sequence[str], name: str, customers: Customers, numbers: str) -> Match:
    """The ticket that a file in these folders is for.  numbers: "anywhere" or "own", as the settings have it."""
    customer, others = customers.of(folders)
    text = " / ".join((*folders, name))[: 20 * MOST_NAME]
    signed = {number for one in references_in(text) if (number := number_of(desk, one))}
    plain = numbers_in(others, name)
    found = _tickets(desk, signed or plain)
    if len(found) > 1:
        many = ", ".join(str(one.number) for one in found)
        return Match(0, f"names several tickets: {many}", customer=customer)
    if not found:
        return _of_customer(desk, customer, plain, strange=customers.strange(customer))
    ticket = found[0]
    own = bool(customer) and fold(ticket.customer) == fold(customer)
    if signed:
        return Match(ticket.number, "by its reference", customer=customer, sure=True)
    if own:
        return Match(ticket.number, "by its number", customer=customer, sure=True)
    if customer:
        return Match(0, f"names ticket {ticket.number}, which is not of {customer}", ticket.number, customer)
    if numbers == "own":
        return Match(0, f"names ticket {ticket.number} outside its customer's folder", ticket.number)
    return Match(ticket.number, "by its number")


def _tickets(desk: Desk, numbers: Iterable[int]) -> list[Ticket]:
    """The tickets of these numbers that there are; instead of a merged one the one that goes on."""
    found = (ticket_at_end(desk, number) for number in numbers)
    return list({one.number: one for one in found if one is not None}.values())


def _of_customer(desk: Desk, customer: str, numbers: Sequence[int], *, strange: bool) -> Match:
    """A file in a customer's folder that names no ticket is for the only open one, if there is just one."""
    if numbers:
        return Match(0, f"there is no ticket {numbers[0]}", customer=customer)
    if not customer:
        return Match(0, "names no ticket and lies in no customer's folder")
    running = tickets.open_of_customer(desk.store, customer, most=2)
    if len(running) == 1:
        return Match(running[0], f"the only open ticket of {customer}", customer=customer, sure=True)
    how = "several open tickets" if running else "no open ticket"
    if strange and not running:
        how += ": the book has no customer of this name, which [uploads.customers] says"
    return Match(0, f"names no ticket, and {customer} has {how}", customer=customer)


def _plain(name: str) -> str:
    return _BETWEEN.sub(" ", fold(name)).strip()

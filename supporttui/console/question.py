"""What the queue is asked for: a view's or a typed query, narrowed by words that the rows show."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from supporttui.quickclass import dataclass
from supporttui.store.criteria import AllOf, AnyOf, Compare, Criterion, Not, Sort, Words

if TYPE_CHECKING:
    from supporttui.policy import Policy

SHOWN_FIELDS = ("subject", "customer", "owner", "product", "status")


@dataclass(frozen=True, slots=True)
class Question:
    """The text of a query and the words that narrow it.

    title: what the tab or the prompt calls it.
    """

    title: str
    query: str
    narrow: str = ""

    def resolved(self, now: datetime, me: str, policy: Policy, zone: tzinfo) -> tuple[Criterion, Sort]:
        """What to ask of the store now.  Errors: QueryError with the column."""
        from supporttui.desk.query import parse, resolve

        where, sort = resolve(parse(self.query), now=now, me=me, policy=policy, zone=zone)
        words = self.narrow.split()
        return (AllOf((where, *map(_shown, words))) if words else where), sort


def reads_through(where: Criterion) -> bool:
    """Whether a criterion looks into text, which no index answers at once: a search, not a list."""
    if isinstance(where, AllOf | AnyOf):
        return any(map(reads_through, where.parts))
    if isinstance(where, Not):
        return reads_through(where.part)
    return isinstance(where, Words) or (
        isinstance(where, Compare) and where.operator in ("contains", "starts")
    )


def _shown(word: str) -> Criterion:
    """A row that shows the word in one of its columns; digits are a number too."""
    fields: list[Criterion] = [Compare(field, "contains", word) for field in SHOWN_FIELDS]
    if word.isascii() and word.isdigit() and len(word) < 16:
        fields.append(Compare("number", "=", int(word)))
    return AnyOf(tuple(fields))

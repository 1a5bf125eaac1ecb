"""For which tickets a rule is: the `when` tables of a policy, ready to be asked.

Text is compared without regard to case; a fact that a table doesn't name may be anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from supporttui.policy.records import Words
from supporttui.policy.timeline import Facts

FACTS = ("severity", "plan", "channel", "category", "environment", "product", "customer")


class Matcher(Struct, frozen=True):
    """A `when` table, ready to be asked: fact → the values that match it, in lower case."""

    wanted: tuple[tuple[str, frozenset[int | str]], ...]

    def matches(self, facts: Facts) -> bool:
        return all(fact_of(facts, name) in values for name, values in self.wanted)

    def covers(self, other: Matcher) -> bool:
        """Whether everything that `other` matches is matched here too."""
        theirs = dict(other.wanted)
        return all(name in theirs and theirs[name] <= values for name, values in self.wanted)

    def missed(self, facts: Facts) -> str:
        """The first fact that kept this from matching, in words, or ""."""
        for name, values in self.wanted:
            if fact_of(facts, name) not in values:
                return f"{name} is {_said(getattr(facts, name))}, not {_listed(values)}"
        return ""

    def said(self) -> str:
        """The condition in words."""
        return " and ".join(f"{name} is {_listed(values)}" for name, values in self.wanted) or "any ticket"


def fact_of(facts: Facts, name: str) -> int | str:
    """A fact as it is compared."""
    value: int | str = getattr(facts, name)
    return value.casefold() if isinstance(value, str) else value


def _said(value: int | str) -> str:
    return str(value) if value != "" else "not known"


def _listed(values: Iterable[int | str]) -> str:
    return " or ".join(_said(value) for value in sorted(values, key=str))


def words(value: Words) -> tuple[str, ...]:
    """One word or several, as several."""
    return (value,) if isinstance(value, str) else value

"""Whom a role reaches at an instant: from the policy's words to people and their addresses.

A role that reaches nobody falls through to the one after it (`then`) at once and
says so: a notice never waits for somebody who isn't there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from supporttui.errors import PolicyError
from supporttui.policy.roster import Override, Roster
from supporttui.policy.rules import Policy

DESK = "desk"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address that is told, whose it is ("" for no one person's) and in which role."""

    address: str
    person: str
    role: str


def in_words(word: str) -> str:
    """One word of `reaches` as a person would say it."""
    kind, _, name = word.partition(":")
    if word in ("owner", DESK):
        return "the ticket's owner" if word == "owner" else "every console"
    if word.startswith("@"):
        return word[1:]
    if kind == "oncall" and name:
        return f"who is on call for {name}"
    return f"{kind} {name}" if name else word


@dataclass(frozen=True, slots=True)
class Reached:
    """Who is told, each address once, the highest role first; notes say who was passed over and why."""

    recipients: tuple[Recipient, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What roles are looked up in: the policy, the roster if there is one, and its overrides.

    fault: why the roster can't be read, "" when it can, or there is none.
    """

    policy: Policy
    roster: Roster | None = None
    overrides: Sequence[Override] = field(default_factory=tuple)
    fault: str = ""

    def roles(self, names: Sequence[str], *, owner: str, at: datetime) -> Reached:
        """Everybody whom these roles reach at an instant (UTC).  owner: the ticket's, "" for nobody.

        With a roster that can't be read, people are told at their consoles, and the desk beside them.
        """
        found: dict[str, Recipient] = {}
        notes: list[str] = []
        for name in names:
            for recipient in self._role(name, owner, at, notes):
                found.setdefault(recipient.address, recipient)
        if self.fault and any(one.person for one in found.values()):
            first = next(one for one in found.values() if one.person)
            found.setdefault(DESK, Recipient(DESK, "", first.role))
            notes.append(f"{self.fault}; people are told at consoles only")
        return Reached(tuple(found.values()), tuple(dict.fromkeys(notes)))

    def _role(self, name: str, owner: str, at: datetime, notes: list[str]) -> list[Recipient]:
        passed: list[str] = []
        while name and name not in passed:
            role = next((one for one in self.policy.roles if one.name == name), None)
            if role is None:
                notes.append(f"{name}: the policy has no such role; the desk is told")
                break
            why: list[str] = []
            told = [
                Recipient(address, person, name)
                for word in role.reaches
                for address, person in self._word(word, owner, at, why)
            ]
            if told:
                return told
            reason = "; ".join(why) or "it reaches nobody"
            then = f"{self.policy.role_title(role.then)} is told instead" if role.then else "the desk is told"
            notes.append(f"{self.policy.role_title(name)}: {reason}; {then}")
            passed.append(name)
            name = role.then
        return [Recipient(DESK, "", name or passed[-1])]

    def _word(self, word: str, owner: str, at: datetime, why: list[str]) -> Iterator[tuple[str, str]]:
        """Addresses of one word of `reaches`, each with whose it is."""
        if word == DESK:
            yield DESK, ""
        elif word == "owner":
            if owner:
                yield from self._person(owner)
            else:
                why.append("nobody owns the ticket")
        elif word.startswith("@"):
            yield from self._person(word[1:])
        elif word.startswith("oncall:"):
            yield from self._on_call(word.removeprefix("oncall:"), at, why)
        elif ":" in word:
            yield word, ""
        else:
            yield (f"mail:{word}" if "@" in word else f"phone:{word}"), ""

    def _person(self, name: str) -> Iterator[tuple[str, str]]:
        """Somebody without an entry in the roster is reached at their own console."""
        known = self.roster.people.get(name) if self.roster else None
        addresses = known.addresses() if known else (f"console:{name}",)
        yield from ((address, name) for address in addresses)

    def _on_call(self, rotation: str, at: datetime, why: list[str]) -> Iterator[tuple[str, str]]:
        if self.roster is None:
            why.append(self.fault or "there is no roster")
            return
        try:
            person, note = self.roster.rotation(rotation).who(at, self.overrides)
        except PolicyError as error:
            why.append(str(error))
            return
        if person:
            yield from self._person(person)
        else:
            why.append(f"nobody is on call for {rotation} ({note})")

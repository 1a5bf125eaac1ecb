"""Which roles and people can't be told, since what they name isn't set up: said before a notice is lost over it."""

from __future__ import annotations

from collections.abc import Iterator

from supporttui.policy.roster import Roster
from supporttui.policy.rules import Policy

from .channels.settings import Channels


def unreachable(policy: Policy, roster: Roster | None, channels: Channels) -> list[str]:
    """One line for each word of a role, and each way of a person, that leads nowhere."""
    found = [
        f"role {role.name}: {why}"
        for role in policy.roles
        for word in role.reaches
        if (why := fault(word, roster, channels))
    ]
    for person in roster.people.values() if roster else ():
        found += [f"{person.name}: {why}" for why in _ways(person.addresses(), channels)]
    return list(dict.fromkeys(found))


def fault(word: str, roster: Roster | None, channels: Channels | None) -> str:
    """Why a word of `reaches` leads nowhere, "" when it leads somewhere.  channels: None for "not looked at"."""
    if word in ("owner", "desk") or word.startswith("@"):
        return ""
    if word.startswith("oncall:"):
        name = word.removeprefix("oncall:")
        if roster is None:
            return f"reaches {word}, and there is no roster"
        return "" if name in roster.rotations else f"reaches {word}, and the roster has no rotation '{name}'"
    if channels is None:
        return ""
    return _address(
        word if ":" in word else f"mail:{word}" if "@" in word else f"phone:{word}",
        channels,
    )


def _ways(addresses: tuple[str, ...], channels: Channels) -> Iterator[str]:
    return filter(None, (_address(address, channels) for address in addresses))


def _address(address: str, channels: Channels) -> str:
    kind, _, rest = address.partition(":")
    if kind == "console":
        return ""
    if kind == "mail":
        return "" if channels.mail else "reaches an e-mail address, and the channels file has no [mail]"
    if kind == "phone":
        known = channels.phone and channels.find("command", channels.phone)
        return "" if known else "reaches a telephone number, and the channels file names no `phone` command"
    name = rest.partition("/")[0]
    if channels.find(kind, name):
        return ""
    return f"reaches {kind}:{name}, and the channels file has no [[{kind}]] '{name}'"

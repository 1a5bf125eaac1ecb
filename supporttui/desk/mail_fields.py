"""Fields that a customer writes at the top of a mail: "Severity: 1", "Product: HyperIP", and what the policy makes of them.

Only the lines before the first other text are read, so that a log in a mail that says "Product: …"
sets nothing.  What can't be understood is left out, never refused: the mail is a report in any case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from supporttui.errors import SupportError

from . import check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supporttui.policy import Policy

MOST_LINES = 40
MOST_LINE = 300
_LINE = re.compile(r"[\s>*-]{0,10}([A-Za-z][A-Za-z .-]{0,30}?)\s{0,10}[:=]\s{0,10}(.*)")

# What customers call a field, in small letters without signs.
NAMES: Mapping[str, str] = {
    "severity": "severity", "sev": "severity", "priority": "severity", "prio": "severity",
    "product": "product", "release": "release", "version": "release", "product release": "release",
    "os": "os", "operating system": "os", "host os": "os", "host operating system": "os", "platform": "os",
    "os release": "os_release", "os version": "os_release",
    "site": "site", "site id": "site", "phone": "contact_phone", "telephone": "contact_phone", "tel": "contact_phone",
    "callback": "contact_phone", "call back": "contact_phone", "contact phone": "contact_phone",
    "environment": "environment", "category": "category",
}  # fmt: skip


def fields_in(text: str) -> dict[str, str]:
    """The fields at the top of a text, by the name of the ticket's field; the first of each counts."""
    found: dict[str, str] = {}
    for line in text[: MOST_LINES * (MOST_LINE + 2)].splitlines()[:MOST_LINES]:
        if not line.strip(" \t>*-_="):
            continue
        said = _LINE.fullmatch(line[:MOST_LINE])
        name = _name(said[1]) if said else ""
        if not said or not name:
            if found or not _is_greeting(line):
                break
            continue
        value = " ".join(said[2].replace("*", " ").split())
        if value:
            found.setdefault(name, value)
    return found


def understood(values: Mapping[str, str], policy: Policy) -> dict[str, str]:
    """Of these fields those that the policy can read, as it spells them; the severity as its number."""
    out: dict[str, str] = {}
    for name, value in values.items():
        try:
            out[name] = _read(name, value, policy)
        except SupportError:
            continue
    return {name: value for name, value in out.items() if value}


def _read(name: str, value: str, policy: Policy) -> str:
    if name == "severity":
        return str(policy.severity(severity_word(value)).number)
    if name == "environment":
        return check.one_of(name, value, policy.environments)
    return check.field(name, value)


def severity_word(value: str) -> str:
    """What names the severity in "1", "1 - System down", "Sev 1", "Severity 1 (urgent)" or "System down"."""
    number = re.match(r"(?:sev(?:erity)?|prio(?:rity)?|p|s)?[ #-]{0,3}([0-9]{1,2})(?![0-9])", value, re.I)
    return number[1] if number else value


def _name(words: str) -> str:
    return NAMES.get(" ".join(words.replace("-", " ").replace(".", " ").split()).casefold(), "")


def _is_greeting(line: str) -> bool:
    """A short first line such as "Hello," may stand above the fields."""
    return len(line) <= 60 and line.rstrip().endswith((",", "!"))

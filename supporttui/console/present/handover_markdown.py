"""The handover as Markdown: for a file, a chat or a mail.

Everything that a stranger wrote is made inert twice: what a terminal would
obey becomes a visible mark, and what Markdown would obey is escaped, bare
addresses included, so that a subject stays the words that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo

from supporttui.desk.handover import Handover, Item, Section
from supporttui.terminal.safe import clean_line
from supporttui.when import duration_text, local_text

from .handover import inbox_words

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#|~!&@^$=])")
LINKED = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data|xmpp):|\bwww\.")
PAST = frozenset({"unanswered", "severe", "notes", "changed", "waiting"})


def text(report: Handover, zone: tzinfo, *, desk_name: str = "") -> str:
    """The whole page; times in `zone`."""
    return "\n".join(_lines(report, zone, desk_name)) + "\n"


def inert(words: str) -> str:
    """A stranger's words on one line, with nothing in them that Markdown or a terminal would obey."""
    escaped = SPECIAL.sub(r"\\\1", clean_line(" ".join(words.split())))
    return LINKED.sub(lambda match: match[0][:-1] + "\\" + match[0][-1], escaped)


def _lines(report: Handover, zone: tzinfo, desk_name: str) -> Iterator[str]:
    title = f"# Handover {inert(desk_name)}".rstrip()
    yield f"{title}, {local_text(report.at, zone)}"
    yield ""
    ahead = duration_text(int((report.until - report.at).total_seconds()))
    yield f"Shift since {local_text(report.since, zone)}; the next {ahead} until {local_text(report.until, zone)}."
    if report.watch is None:
        yield "Nobody has accepted the watch."
    else:
        note = f": {inert(report.watch.note)}" if report.watch.note else ""
        yield f"Watch: {inert(report.watch.actor)} since {local_text(report.watch.at, zone)}{note}."
    if report.inbox[0]:
        call = f", {report.inbox[1]} of them for a telephone call" if report.inbox[1] else ""
        yield f"Inbox: {inbox_words(report)}{call}."
    for section in report.sections:
        yield ""
        yield f"## {section.title} ({section.total})"
        yield ""
        yield from _section(section, report, zone)


def _section(section: Section, report: Handover, zone: tzinfo) -> Iterator[str]:
    if not section.items:
        yield "Nothing."
    for item in section.items:
        yield _item(item, section.id, report.at, zone)
        if item.text:
            yield f"  > {inert(item.text)}"
    if section.total > len(section.items):
        yield f"- and {section.total - len(section.items)} more"


def _item(item: Item, section: str, now: datetime, zone: tzinfo) -> str:
    """A ticket on one line, and below it what it is about; the backslash is Markdown's line break."""
    at = local_text(item.at, zone) if item.at else ""
    if item.at and section not in PAST:
        left = int((item.at - now).total_seconds())
        at += f", in {duration_text(left)}" if left > 0 else f", {duration_text(-left)} over"
    customer = f", {inert(item.customer)}" if item.customer else ""
    by = f"by {inert(item.who)}" if item.who else ""
    facts = ", ".join(part for part in (inert(item.what), by, at) if part)
    owner = f"{inert(item.owner)} has it" if item.owner else "**nobody has it**"
    about = f"- **{item.ticket}** {inert(item.subject)} (Severity {item.severity}{customer})"
    return f"{about}\\\n  {facts}; {owner}"

"""The inbox in rows, and one item to read: what came in and waits for somebody's decision."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice

from supporttui.desk.attachments import size_text
from supporttui.desk.inbox import DECIDED, KINDS, TITLES, Board, Waiting, called, home_of, own_of
from supporttui.desk.inbox_words import Choice
from supporttui.store.mail_records import IntakeItem
from supporttui.terminal.safe import clean_line, fit, width

from . import outline
from .handover import moment
from .outline import Row
from .setting import Setting
from .spans import EMPTY, Line, Span, fit_line, line
from .wrap import wrap

TITLES_SHORT = {
    "call": "Severity 1 without a call",
    "held": "Held: in a ticket's name, without proof",
    "unverified": "Unverified: names a ticket without proof",
    "fallback": "Could not be read",
    "unknown": "From somebody nobody knows",
    "file": "Files without a ticket",
    "storm": "Storms: too much from one sender",
}
MARKS = {"call": ("!!", "overdue"), "held": (" !", "warning"), "unverified": (" !", "warning")}
LATELY = "decided"  # the section of what was decided
FROM_MOST = 30  # cells of a sender
READABLE = 100  # cells of running text
FACT_LINES = 3  # of a fact, or of what a key would do
FILES = 20  # that are named
LINES = 2000  # of a message that are laid out
CHARACTERS = 65_536
GONE = "no such ticket any more"


def rows(found: Board, folded: Collection[str], cells: int, setting: Setting, now: datetime) -> list[Row]:
    """The page in rows of `cells` cells."""
    if not found.rows:
        out = [Row(one) for one in _nothing(found, cells, setting)]
    else:
        out = []
        wide = _widths(found.rows, cells, setting, now)
        for kind in _kinds(found.rows):
            mine = [one for one in found.rows if one.item.kind == kind]
            title = (TITLES if cells >= READABLE else TITLES_SHORT).get(kind, clean_line(kind))
            out.append(outline.heading(kind, title, str(len(mine)), cells, setting, folded=kind in folded))
            if kind not in folded:
                for one in mine:
                    out.append(_row(one, wide, cells, setting, now))
                    out += _below(one, cells, setting)
            out.append(outline.text((), cells, setting))
        if found.more:
            out.append(
                outline.text(line(Span(f"   {found.more} more wait behind these", "muted")), cells, setting)
            )
    return [*out, *_decided(found, folded, cells, setting, now)]


def first(found: Board, about: int = 0) -> tuple[str, int] | None:
    """The key of the first item about a ticket, else of the first on the page."""
    mine = (one for one in found.rows if about and about in (own_of(one.item), home_of(one.item)))
    top = next(chain(mine, found.rows), None)
    return ("item", top.item.id) if top is not None else None


def decided(item: IntakeItem) -> str:
    """ "rejected by raj"."""
    return f"{DECIDED.get(item.state, clean_line(item.state))} by {clean_line(item.decided_by)}"


def _kinds(shown: Sequence[Waiting]) -> list[str]:
    there = dict.fromkeys(one.item.kind for one in shown)
    return [*(kind for kind in KINDS if kind in there), *(kind for kind in there if kind not in KINDS)]


def _widths(shown: Sequence[Waiting], cells: int, setting: Setting, now: datetime) -> tuple[int, int]:
    """Cells of the time and of the sender."""
    when = max(width(moment(one.item.at, setting, now)) for one in shown)
    sender = max(width(_from(one)) for one in shown)
    return when, min(sender, FROM_MOST, max(10, cells // 3))


def _from(found: Waiting) -> str:
    if found.item.kind == "file":
        return clean_line(found.item.sender or (found.files[0].place if found.files else "")) or "upload"
    return clean_line(found.sender) or "nobody"


def _number(found: Waiting) -> int:
    """The ticket that the row is about: its own, else the one that it belongs to."""
    return own_of(found.item) or home_of(found.item)


def _row(found: Waiting, wide: tuple[int, int], cells: int, setting: Setting, now: datetime) -> Row:
    """Mark, when it came, the ticket, who wrote, what about."""
    item, glyphs = found.item, setting.glyphs
    mark, role = MARKS.get(item.kind, ("  ", ""))
    number = str(_number(found) or glyphs.nobody)
    spans = [
        Span(f" {mark} ", role), Span(fit(moment(item.at, setting, now), wide[0]), "muted"),
        Span(f" {fit(number, setting.number_width, align='right')} "),
        Span(fit(_from(found), wide[1], ellipsis=glyphs.ellipsis), "bold" if found.contact else ""),
        Span(f"  {clean_line(item.subject) or '(no subject)'}"),
    ]  # fmt: skip
    if item.kind == "file" and found.files:
        spans.append(Span(f"  {size_text(found.files[0].size)}", "muted"))
    return Row(
        fit_line(spans, cells, glyphs.ellipsis),
        ("item", item.id),
        _number(found),
        copies=_copied(found),
    )


def _copied(found: Waiting) -> str:
    """The number to call, else who wrote."""
    phone = found.home.contact_phone if found.item.kind == "call" and found.home is not None else ""
    return clean_line(phone or found.sender)


def _below(found: Waiting, cells: int, setting: Setting) -> Iterator[Row]:
    """Below a row: why it waits, whom to call, and how what was written begins."""
    item = found.item
    if item.kind == "call" and found.home is not None:
        who, phone = clean_line(found.home.contact), clean_line(found.home.contact_phone)
        whom = f"{who or 'the customer'}{f' {phone}' if phone else ': no number is on file'}"
        owner = f"{clean_line(found.home.owner) or 'nobody'} has it"
        yield _under(
            line(Span("call ", "warning"), Span(whom, "bold"),
                 Span(f"  {owner}", "muted")), cells, setting,
        )  # fmt: skip
        if found.why:
            yield _under(line(Span(clean_line(found.why), "muted")), cells, setting)
    elif item.kind in ("held", "unverified"):
        home = f"{home_of(item)} {clean_line(found.home.subject) if found.home else GONE}"
        lead = "names " if item.kind == "unverified" else "in the name of "
        yield _under(line(Span(lead, "muted"), Span(home)), cells, setting)
        if item.kind == "held" and found.why:
            yield _under(line(Span(clean_line(found.why), "muted")), cells, setting)
    elif found.why and (item.kind in ("fallback", "storm", "file") or not item.ticket):
        yield _under(line(Span(clean_line(found.why), "muted")), cells, setting)
    if item.kind not in ("storm", "call", "file") and found.text.strip() and found.text != item.text:
        words = " ".join(found.text.split())
        yield _under(line(Span(f"“{clean_line(words)}”", "muted")), cells, setting)


def _under(spans: Line, cells: int, setting: Setting) -> Row:
    return outline.text((Span("      "), *spans), cells, setting)


def _nothing(found: Board, cells: int, setting: Setting) -> Iterator[Line]:
    """An empty inbox says what it would show, and how something gets here."""
    room = max(1, min(cells, READABLE) - 2)
    said = (
        ("Nothing waits for a decision.", ""),
        (
            "Here comes what nobody but you can decide: mail that names a ticket without proof, or is from somebody who "
            "takes no part in it; senders nobody knows; uploaded files that fit no ticket; what could not be read; and a "
            "severity that needs a telephone call and came without one.",
            "muted",
        ),
        ("docs/inbox.md tells how each gets here; supporttui inbox does the same from the shell.", "muted"),
    )
    blocked = (
        f"{found.blocked} sender{'s are' if found.blocked != 1 else ' is'} blocked: supporttui inbox blocked"
    )
    yield EMPTY
    for words, role in (*said, *([(blocked, "muted")] if found.blocked else ())):
        for part in wrap(words, room):
            yield fit_line(line(" ", Span(part, role)), cells, setting.glyphs.ellipsis)
        yield EMPTY


def _decided(
    found: Board, folded: Collection[str], cells: int, setting: Setting, now: datetime
) -> Iterator[Row]:
    if not found.decided:
        return
    note = str(len(found.decided))
    yield outline.heading(LATELY, "Decided lately", note, cells, setting, folded=LATELY in folded)
    if LATELY in folded:
        return
    when = max(width(moment(one.item.at, setting, now)) for one in found.decided)
    for one in found.decided:
        item = one.item
        words = decided(item)
        spans = [
            Span(f"    {fit(moment(item.at, setting, now), when)} ", "muted"),
            Span(f"{fit(str(_number(one) or setting.glyphs.nobody), setting.number_width, align='right')} "),
            Span(words, "muted"), Span(f"  {clean_line(called(item))}"),
        ]  # fmt: skip
        yield Row(fit_line(spans, cells, setting.glyphs.ellipsis), ("decided", item.id), _number(one))


# -- one item to read -----------------------------------------------------------------------------


def item_lines(
    found: Waiting, offered: Sequence[tuple[str, Choice]], cells: int, setting: Setting, now: datetime
) -> list[Line]:
    """Everything about one item: whence, why it waits, what can be done, and what was written.

    offered: the keys with what they would do, or why they can't.
    """
    cells = min(cells, READABLE)
    out: list[Line] = [EMPTY]
    for name, value, role in _facts(found, setting, now):
        out += _fact(name, value, role, cells)
    out.append(EMPTY)
    for file in found.files[:FILES]:
        words = f"  {clean_line(file.name)}"
        out.append(line(Span(words), Span(f"  {size_text(file.size)}  {clean_line(file.type)}", "muted")))
    if len(found.files) > FILES:
        out.append(line(Span(f"  and {len(found.files) - FILES} more files", "muted")))
    if found.files:
        out.append(EMPTY)
    text = found.text.partition("\n")[2] if found.item.kind == "file" else found.text
    out += [line(" ", one) for one in islice(wrap(text[:CHARACTERS].strip(), cells - 2), LINES)]
    if len(text) > CHARACTERS:
        out.append(line(Span(f" {setting.glyphs.ellipsis} the ticket shows the rest", "muted")))
    out.append(EMPTY)
    out += _offered(offered, cells)
    return out


def _offered(offered: Sequence[tuple[str, Choice]], cells: int) -> Iterator[Line]:
    """What each key would do, or why it can't."""
    for key, one in offered:
        lead = line(Span(f"  {key}  ", "muted" if one.why else "key"), Span(f"{one.title}: "))
        parts = list(islice(wrap(f"{one.title}: {one.why or one.words}", max(8, cells - 6)), FACT_LINES)) or [
            ""
        ]
        yield line(*lead, Span(parts[0][len(one.title) + 2 :], "muted"))
        for part in parts[1:]:
            yield line("     ", Span(part, "muted"))


def _facts(found: Waiting, setting: Setting, now: datetime) -> Iterator[tuple[str, str, str]]:
    """What is known of it: name, value, role."""
    item, message = found.item, found.mail
    if found.sender:
        name = f" ({clean_line(message.sender_name)})" if message is not None and message.sender_name else ""
        yield "from", f"{clean_line(found.sender)}{name}", "bold"
    if item.kind != "file":
        known = _known(found)
        yield "known", known or "nobody in the book has this address", "" if known else "warning"
    if message is not None:
        auth = {
            "pass": "our mail server vouches for the sender",
            "fail": "our mail server says that it is forged",
        }
        token = {"ok": "it bears the ticket's reference", "bad": "its reference is made up"}
        proof = [
            auth.get(message.auth, "nobody vouches for the sender"),
            token.get(message.token, "no reference"),
        ]
        yield "proof", "; ".join(proof), "error" if message.auth == "fail" or message.token == "bad" else ""
        if message.recipients:
            yield "to", clean_line(", ".join(message.recipients[:10])), ""
    yield "came", moment(item.at, setting, now), ""
    yield "subject", clean_line(item.subject) or "(none)", ""
    if found.why:
        yield "why", clean_line(found.why), ""
    for title, ticket in (("its ticket", found.own), ("ticket", found.home)):
        if ticket is not None:
            state = ticket.status if not ticket.merged_into else f"merged into {ticket.merged_into}"
            who = ", ".join(
                clean_line(one) for one in (ticket.customer, ticket.contact, ticket.contact_phone) if one
            )
            words = f"{ticket.number} {clean_line(ticket.subject)}"
            yield (
                title,
                f"{words} ({setting.severity(ticket.severity)}, {clean_line(state)}; {who or 'nobody known'})",
                "",
            )
    if item.state != "waiting":
        yield (
            "decided",
            decided(item),
            "good",
        )


def _known(found: Waiting) -> str:
    """Whose address it is, "" for nobody's that is known; that the mail is theirs is another matter."""
    home = found.home
    if home is not None and found.sender and home.contact_email.casefold() == found.sender.casefold():
        return f"the address of the contact of {home.number}, {clean_line(home.contact) or 'who has no name'}"
    return f"the address of {clean_line(found.contact)}, in the book" if found.contact else ""


def _fact(name: str, value: str, role: str, cells: int) -> Iterator[Line]:
    """A fact in FACT_LINES lines at the most: who writes long subjects hides nothing below them."""
    for at, part in enumerate(islice(wrap(value[:CHARACTERS], max(8, cells - 13)), FACT_LINES)):
        yield line(Span(f" {'' if at else name:<10}  ", "muted"), Span(part, role))

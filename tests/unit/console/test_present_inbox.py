"""The inbox in rows: every line fits, hostile text is inert, what can't wait stands on top."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from supporttui.console.present import inbox as present
from supporttui.console.present.setting import ASCII, Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.desk.inbox import KINDS, Board, Waiting
from supporttui.desk.inbox_words import DECISIONS, choices
from supporttui.store.mail_records import Attachment, IntakeItem, Mail
from supporttui.store.records import Ticket

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
HOSTILE = "\x1b]52;c;cm0=\x07 \u202eexe.gnp \x9b31m " + "W\u00ed\u4e16" * 40


def waiting(kind: str, id: int = 1, text: str = HOSTILE, **fields) -> Waiting:
    item = IntakeItem(
        id=id,
        kind=kind,
        at=NOW,
        ticket=7,
        about=8,
        message=3,
        sender=text,
        subject=text,
        text=f"{text}\n{text}",
        **fields,
    )
    mail = Mail(
        direction="in",
        sender=text,
        sender_name=text,
        recipients=(text,),
        subject=text,
        at=NOW,
        auth="fail",
        token="bad",
    )
    file = Attachment(id=1, hash="a" * 64, name=text, type=text, place=text, size=17, added_at=NOW)
    ticket = Ticket(
        number=7, subject=text, severity=1, status="new", customer=text, contact=text, contact_phone=text, owner=text,
        reported_at=NOW, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    return Waiting(item=item, mail=mail, files=(file,), own=ticket, home=ticket, text=text * 3, contact=text)


BOARD = Board(
    at=NOW, rows=tuple(waiting(kind, id) for id, kind in enumerate(("unheard-of", *reversed(KINDS)), 1)),
    decided=(waiting("held", 90, state="rejected", decided_by=HOSTILE),), more=3, blocked=2,
)  # fmt: skip


def inert(text: str) -> bool:
    return not {"\x1b", "\x07", "\u202e", "\x9b", "\n"} & set(text)


@pytest.mark.parametrize("cells", [20, 40, 60, 79, 120, 200])
@pytest.mark.parametrize("setting", [Setting(), Setting(glyphs=ASCII)], ids=["unicode", "ascii"])
def test_every_row_fits_and_is_inert(cells, setting):
    for found in (BOARD, Board(at=NOW), Board(at=NOW, blocked=1, decided=BOARD.decided)):
        for row in present.rows(found, set(), cells, setting, NOW):
            assert line_width(row.line) <= cells
            assert inert(plain(row.line)) and inert(row.copies)


@pytest.mark.parametrize("kind", [*KINDS, "unheard-of"])
@pytest.mark.parametrize("state", ["waiting", "rejected"])
def test_an_item_to_read_is_inert_and_offers_every_decision_while_it_waits(kind, state):
    found = waiting(kind, state=state)
    offered = [(one.id[0], one) for one in choices(found)]
    lines = present.item_lines(found, offered if state == "waiting" else (), 80, Setting(), NOW)
    assert all(inert(plain(one)) for one in lines)
    titles = [one.title for one in choices(found)]
    shown = "\n".join(map(plain, lines))
    assert all((f"{title}:" in shown) is (state == "waiting") for title in titles)
    assert [one.id for one in choices(found)] == list(DECISIONS)


def test_what_cannot_wait_stands_on_top_and_folds():
    rows = present.rows(BOARD, set(), 100, Setting(), NOW)
    keys = [row.key for row in rows if row.key is not None]
    assert [key[1] for key in keys if key[0] == "section"] == [*KINDS, "unheard-of", "decided"]
    folded = present.rows(BOARD, {*KINDS, "unheard-of", "decided"}, 100, Setting(), NOW)
    assert all(row.key[0] == "section" for row in folded if row.key is not None)


def test_a_long_text_is_cut_and_says_so():
    found = waiting("held", text="x" * 70_000)
    lines = present.item_lines(found, (), 80, Setting(), NOW)
    assert len(lines) < 2100 and "the ticket shows the rest" in plain(lines[-2])


def test_of_a_call_the_number_is_copied_of_the_rest_the_sender():
    found = waiting("call", text="x")
    (row,) = [one for one in present.rows(Board(at=NOW, rows=(found,)), (), 80, Setting(), NOW) if one.copies]
    assert found.home is not None and row.copies == found.home.contact_phone

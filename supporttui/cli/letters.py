"""`letters`: what was mailed to customers and what waits; one as it leaves; whether the templates can be used."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from supporttui.errors import NotFound, PolicyError, UsageError

from .output import Column
from .parser import Parser, Verb, ticket, whole

if TYPE_CHECKING:
    from supporttui.store.records import Notice

    from .session import Session

BACK = timedelta(hours=24)
MOST = 1000
COLUMNS = (
    Column("id", right=True), Column("ticket", right=True), Column("state"), Column("letter"), Column("to"),
    Column("queued"), Column("trouble"), Column("subject", flexible=True),
)  # fmt: skip
TROUBLE = 6  # the column that is left out where nothing went wrong


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "number", nargs="?", type=ticket, metavar="NUMBER", help="all letters of this ticket; without: of a day"
    )  # fmt: skip
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--text", type=whole(1, 10**18), metavar="ID", help="print one, with its headers, as it leaves"
    )
    which.add_argument(
        "--check", action="store_true",
        help="only say what is wrong with the templates; exit code 78 when anything is",
    )  # fmt: skip


def _run(session: Session) -> int:
    args = session.args
    if args.number and (args.text or args.check):
        raise UsageError(f"{args.number}: leave the number or the option out")
    if args.check:
        return _check(session)
    session.open_existing()
    if args.text:
        _print_one(session, args.text)
    else:
        _print(session, _of_ticket(session) if args.number else _lately(session))
    return 0


def _check(session: Session) -> int:
    from supporttui.config import config_folder
    from supporttui.desk import letter_templates

    from .letterhead import FOLDER

    folder = config_folder(session.world.environ) / FOLDER
    faults = letter_templates.faults_in(folder)
    if session.form == "json":
        session.out.json_list({**fault._asdict(), "path": str(fault.path)} for fault in faults)
    elif session.form == "tsv":
        rows = ([str(one.path), str(one.line), str(one.column), one.message] for one in faults)
        session.out.tsv(["path", "line", "column", "message"], rows)
    else:
        for fault in faults:
            session.out.line(str(fault))
        if not faults:
            session.out.line(f"nothing is wrong with the templates of letters in {folder}")
    return PolicyError.exit_code if faults else 0


def _of_ticket(session: Session) -> list[Notice]:
    from supporttui.store import notices, tickets

    if tickets.get(session.store, session.args.number) is None:
        raise NotFound(f"there is no ticket {session.args.number}")
    return _letters(notices.of_ticket(session.store, session.args.number))


def _lately(session: Session) -> list[Notice]:
    """What waits, what nobody took, and what left in the last day; the oldest first."""
    from supporttui.store import notices

    found = [
        *notices.waiting(session.store, MOST), *notices.dead(session.store, MOST),
        *notices.sent_since(session.store, session.now - BACK, MOST),
    ]  # fmt: skip
    return _letters(sorted(found, key=lambda one: one.id))


def _letters(found: list[Notice]) -> list[Notice]:
    from supporttui.desk.letters import KIND

    return [one for one in found if one.kind == KIND]


def _print(session: Session, found: list[Notice]) -> None:
    if session.form == "json":
        session.out.json([_record(one) for one in found])
        return
    rows = []
    for one in found:
        letter = one.data["letter"]
        state = one.state + ("?" if one.doubtful else "")
        rows.append([str(one.id), str(one.ticket), state, letter["kind"], letter["to"],
                     session.local(one.made_at), one.error, letter["subject"]])  # fmt: skip
    if session.form == "tsv":
        session.out.tsv([column.title for column in COLUMNS], rows)
    elif rows:
        columns = list(COLUMNS)
        if not any(row[TROUBLE] for row in rows):
            del columns[TROUBLE]
            rows = [[*row[:TROUBLE], *row[TROUBLE + 1 :]] for row in rows]
        session.out.table(columns, rows)
    else:
        session.out.line(_nothing(session))


def _nothing(session: Session) -> str:
    """That there is no letter, and why, as far as the settings tell."""
    from supporttui.watch.channels.settings import load_channels

    said = "no letter was written" if session.args.number else "no letter waits, and none left today"
    path = session.settings.path("channels")
    try:
        out = load_channels(path).mail
    except PolicyError as error:
        return f"{said}: {error}"
    return said if out else f"{said}: mail out is not set up ([mail] in {path}, docs/mail.md)"


def _record(one: Notice) -> dict[str, Any]:
    letter = {
        name: value for name, value in one.data["letter"].items() if name not in ("from", "loop", "name")
    }
    return {
        "id": one.id, "ticket": one.ticket, "state": one.state, "queued_at": one.made_at, "sent_at": one.sent_at,
        "attempts": one.attempts, "doubtful": one.doubtful, "error": one.error, **letter,
    }  # fmt: skip


def _print_one(session: Session, id: int) -> None:
    from supporttui.store import notices

    found = _letters(notices.of_ids(session.store, [id]))
    if not found:
        raise NotFound(f"there is no letter {id}; supporttui letters lists them")
    if session.form == "json":
        session.out.json(_record(found[0]))
        return
    letter, out = found[0].data["letter"], session.out
    pairs = [
        ("From", f"{letter['name']} <{letter['from']}>"), ("To", letter["to"]), ("Subject", letter["subject"]),
        ("Message-ID", letter["message_id"]), ("In-Reply-To", letter["in_reply_to"]),
        ("Auto-Submitted", "auto-replied" if letter["automatic"] else ""),
    ]  # fmt: skip
    out.pairs([(name, value) for name, value in pairs if value])
    out.line()
    out.body(letter["text"].rstrip("\n"), "")


COMMANDS = {"letters": Verb(_configure, _run)}

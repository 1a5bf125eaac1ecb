"""`oncall`: who is on call, when the next hand-overs are, and taking a turn over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from supporttui.errors import NotFound, UsageError

from .parser import Parser, Verb, text, whole

if TYPE_CHECKING:
    from supporttui.policy.roster import Roster, Turn

    from .session import Session

MOST_DAYS = 366


def _configure(parser: Parser) -> None:
    parser.add_argument("rotation", nargs="?", type=text, metavar="ROTATION", help="only this rotation")
    parser.add_argument("--at", metavar="TIME", help="then instead of now")
    parser.add_argument(
        "--days", type=whole(1, MOST_DAYS), metavar="N", help="all turns of the N days from then on"
    )
    change = parser.add_argument_group("taking a turn over")
    change.add_argument("--override", type=text, metavar="PERSON", help="PERSON is on call instead")
    change.add_argument("--from", dest="begin", metavar="TIME", help="since when; the default is now")
    change.add_argument("--until", metavar="TIME", help="until when")
    change.add_argument("--reason", type=text, default="", metavar="TEXT", help="why, for the reader")
    change.add_argument(
        "--end", type=whole(1, 10**18), metavar="ID", help="take an override back from now on"
    )
    change.add_argument(
        "--import-calendar",
        metavar="FILE",
        help="overrides from an iCalendar file: each event is a turn, its summary the person",
    )


def _run(session: Session) -> None:
    _check_words(session)
    args = session.args
    if args.end is not None:
        _end(session, args.end)
    elif args.import_calendar:
        _import(session, args.import_calendar)
    elif args.override:
        _override(session)
    else:
        _show(session)


def _check_words(session: Session) -> None:
    """Refuse what would be read past: an option that belongs to another use of the command."""
    args = session.args
    uses = {
        "--override": args.override, "--end": args.end is not None, "--import-calendar": args.import_calendar,
    }  # fmt: skip
    chosen = [flag for flag, given in uses.items() if given]
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0]} and {chosen[1]}: one at a time")
    for flag, given in (("--from", args.begin), ("--until", args.until), ("--reason", args.reason)):
        if given and chosen != ["--override"]:
            raise UsageError(f"{flag} belongs to --override PERSON")
    for flag, given in (("--at", args.at), ("--days", args.days is not None)):
        if given and chosen:
            raise UsageError(f"{flag} shows who is on call; it can't be used with {chosen[0]}")


def _which(session: Session, roster: Roster) -> str:
    """The rotation that was named, or the only one.  Errors: UsageError."""
    name = session.args.rotation or (next(iter(roster.rotations)) if len(roster.rotations) == 1 else "")
    if not name:
        known = ", ".join(roster.rotations)
        raise UsageError(f"which rotation? {known}" if known else "the roster has no rotation")
    return str(name)


def _roster(session: Session) -> Roster:
    roster = session.desk.roster
    if roster is None:
        raise NotFound(
            f"there is no roster: write {session.settings.path('roster')}; docs/watch.md shows one"
        )
    return roster


def _show(session: Session) -> None:
    from supporttui.desk import oncall

    at = session.instant(session.args.at) if session.args.at else session.now
    days = session.args.days
    _roster(session)
    turns = oncall.turns(session.desk, at, at + timedelta(days=days) if days else None, session.args.rotation)
    if session.form == "json":
        session.out.json([_json(turn) for turn in turns])
    elif session.form == "tsv":
        session.out.tsv(
            ["rotation", "person", "start", "end", "note"],
            [(turn.rotation, turn.person, turn.start, turn.end, turn.note) for turn in turns],
        )
    else:
        _print(session, turns)


def _json(turn: Turn) -> dict[str, object]:
    return {
        "rotation": turn.rotation,
        "person": turn.person,
        "start": turn.start,
        "end": turn.end,
        "note": turn.note,
    }


def _print(session: Session, turns: list[Turn]) -> None:
    from .output import Column

    columns = [
        Column("rotation"),
        Column("person"),
        Column("from"),
        Column("until"),
        Column("", flexible=True),
    ]
    rows = [
        (
            turn.rotation,
            turn.person or "nobody",
            session.local(turn.start),
            session.local(turn.end),
            turn.note,
        )
        for turn in turns
    ]
    session.out.table(columns, rows)


def _override(session: Session) -> None:
    from supporttui.desk import oncall

    args, roster = session.args, _roster(session)
    if not args.until:
        raise UsageError("--override needs --until TIME: say when it ends")
    name = _which(session, roster)
    begin = session.instant(args.begin) if args.begin else session.now
    until = session.instant(args.until)
    number = oncall.override(session.desk, name, args.override, begin, until, args.reason)
    if session.form == "json":
        session.out.json({"id": number})
    else:
        session.out.line(
            f"override {number}: {args.override} is on call for {name} until {session.local(until)}; "
            f"--end {number} takes it back"
        )


def _end(session: Session, number: int) -> None:
    from supporttui.desk import oncall

    oncall.end_override(session.desk, number)
    if session.form == "json":
        session.out.json({"id": number})
    else:
        session.out.line(f"override {number} ended")


def _import(session: Session, name: str) -> None:
    from supporttui.desk import oncall

    file, roster = session.read_file(name, "--import-calendar FILE"), _roster(session)
    rotation = _which(session, roster)
    count = oncall.import_calendar(session.desk, rotation, file)
    if session.form == "json":
        session.out.json({"overrides": count})
    else:
        session.out.line(f"{count} turns of {rotation} were taken from {file.name}")


COMMANDS = {"oncall": Verb(_configure, _run)}

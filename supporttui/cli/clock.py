"""`deadlines`, `explain`, `tick`: the clock, looked at, accounted for, and moved once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supporttui.errors import UsageError

from .parser import Parser, Verb, ticket, whole
from .shapes import deadline_json, deadline_title, print_deadlines

if TYPE_CHECKING:
    from supporttui.policy import Explanation
    from supporttui.store.records import DeadlineLine

    from .session import Session

STEP = 500
MOST = 2**31


def _configure_deadlines(parser: Parser) -> None:
    parser.add_argument(
        "number", nargs="?", type=ticket, metavar="NUMBER", help="of this ticket, void ones too"
    )
    parser.add_argument("--at", metavar="TIME", help="as they will stand then, without changing anything")
    parser.add_argument("--overdue", action="store_true", help="only those that fired, or would by --at")
    parser.add_argument(
        "--limit", type=whole(1, MOST), metavar="N", help="at most N (text: a page; else all)"
    )


def _run_deadlines(session: Session) -> None:
    args = session.args
    at = session.instant(args.at) if args.at else None
    limit = args.limit or (
        session.settings.number("page") if session.form == "text" and not args.number else MOST
    )
    found = (line for line in _deadlines(session) if not args.overdue or _is_over(session, line, at))
    shown = _first(found, limit + 1)
    if session.form == "text" and len(shown) > limit:
        session.hint(f"the first {limit} deadlines are shown; --limit N shows more")
    if session.form == "text" and not shown:
        session.out.line("no deadline runs" if not args.overdue else "nothing is overdue")
        return
    print_deadlines(session, shown[:limit], at)


def _is_over(session: Session, line: DeadlineLine, at: object) -> bool:
    armed_and_past = line.state == "armed" and line.due_at <= (at or session.now)  # type: ignore[operator]
    return line.kind != "warning" and (line.state == "fired" or armed_and_past)


def _first(found: Iterator[DeadlineLine], limit: int) -> list[DeadlineLine]:
    from itertools import islice

    return list(islice(found, limit))


def _deadlines(session: Session) -> Iterator[DeadlineLine]:
    """Of one ticket all; of the desk those that run or fired, unacknowledged ones first, then by due time."""
    from supporttui.desk import look

    if session.args.number:
        yield from look.ticket(session.desk, session.args.number).deadlines
        return
    offset = 0
    while page := look.timers(session.desk, limit=STEP, offset=offset):
        yield from page
        offset += len(page)


def _configure_explain(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument(
        "--entitlement", action="store_true", help="only what the customer is owed, and by which clause"
    )
    parser.add_argument("--at", metavar="TIME", help="--entitlement: as it will stand, or stood, then")


def _run_explain(session: Session) -> None:
    from supporttui.desk import act, look
    from supporttui.desk.timeline import CLOCK_KINDS, timeline_of
    from supporttui.policy import explain
    from supporttui.store import journal

    desk, args = session.desk, session.args
    if args.at and not args.entitlement:
        raise UsageError("--at belongs to --entitlement; deadlines --at looks ahead for deadlines")
    if args.entitlement:
        _explain_entitlement(session)
        return
    with look.snapshot(desk):
        found = act.fetch(desk, args.number)
        entries = journal.of_ticket(desk.store, found.number, kinds=CLOCK_KINDS)
    explained = explain(timeline_of(found, entries), desk.policy)
    if session.form == "json":
        session.out.json([_explanation_json(one, found.number) for one in explained])
    elif session.form == "tsv":
        lines = ((one.deadline.key, line) for one in explained for line in one.lines)
        session.out.tsv(["key", "line"], lines)
    else:
        _print_explanations(session, explained)
        session.out.line()
        _explain_entitlement(session)


def _explain_entitlement(session: Session) -> None:
    """What is owed on the ticket, with every rule that had a say."""
    from supporttui.desk import act, look
    from supporttui.desk.entitlement import of_ticket

    from .entitled import verdict_json, verdict_lines

    at = session.instant(session.args.at) if session.args.at else None
    with look.snapshot(session.desk):
        found = act.fetch(session.desk, session.args.number)
        verdict = of_ticket(session.desk, found, at)
    if session.form == "json":
        session.out.json({"ticket": found.number, **verdict_json(verdict)})
    elif session.form == "tsv":
        rows = ([one.rule, one.coverage, one.until, one.then, one.text] for one in verdict.grounds)
        session.out.tsv(["rule", "coverage", "until", "then", "text"], rows)
    else:
        for line in verdict_lines(verdict):
            session.out.line(line)


def _explanation_json(one: Explanation, number: int) -> dict[str, object]:
    from .output import record

    return {"ticket": number, **record(one.deadline), "lines": list(one.lines)}


def _print_explanations(session: Session, explained: tuple[Explanation, ...]) -> None:
    out = session.out
    if not explained:
        out.line("the policy has no deadline for this ticket")
    for place, one in enumerate(explained):
        if place:
            out.line()
        deadline = one.deadline
        reason = f", {deadline.reason}" if deadline.reason else ""
        out.line(f"{deadline.kind}: {deadline.label or deadline.role} [{deadline.state}{reason}]")
        for line in one.lines:
            out.line(f"  {line}")


def _configure_tick(parser: Parser) -> None:
    parser.add_argument("--quiet", action="store_true", help="print nothing when nothing was due")


def _run_tick(session: Session) -> None:
    from supporttui.watch.tick import tick

    done = tick(session.desk)
    out = session.out
    if out.form == "json":
        out.json({
            "at": done.at,
            "fired": [deadline_json(line, done.at) for line in done.fired],
            "next_due_at": done.next_due_at,
            "took_seconds": round(done.took_seconds, 6),
        })  # fmt: skip
    elif out.form == "tsv":
        print_deadlines(session, done.fired)
    elif done.fired or not session.args.quiet:
        for line in done.fired:
            out.line(f"fired: ticket {line.ticket}, {deadline_title(line)}, due {session.local(line.due_at)}")
        upcoming = session.local(done.next_due_at) or "none"
        out.line(f"{len(done.fired)} fired, next due {upcoming}")


COMMANDS = {
    "deadlines": Verb(_configure_deadlines, _run_deadlines),
    "explain": Verb(_configure_explain, _run_explain),
    "tick": Verb(_configure_tick, _run_tick),
}

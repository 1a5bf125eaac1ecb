"""`timer`: the stopwatch, which runs in the store and not in a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

from .effort import add_billable, minutes, print_worked, remark, said_of
from .parser import Parser, Verb, ticket

if TYPE_CHECKING:
    from supporttui.store.worked import Stopwatch

    from .session import Session

ACTIONS = ("show", "start", "pause", "stop", "discard")


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        choices=ACTIONS,
        default="show",
        metavar="ACTION",
        help="start (or go on), pause, stop (logs the time), discard (logs nothing), or show",
    )
    parser.add_argument(
        "number", type=ticket, nargs="?", metavar="NUMBER", help="the ticket; else the watch that runs"
    )
    parser.add_argument("text", nargs="?", metavar="TEXT|-", help="with stop: what was done")
    parser.add_argument(
        "--minutes", type=minutes, metavar="TIME", help="with stop: what was really worked, such as 1h30m"
    )
    add_billable(parser)


def _run(session: Session) -> None:
    from supporttui.desk import stopwatch

    args = session.args
    if args.action != "stop" and (
        args.text or args.minutes or args.billable is not None or args.reason or args.rate
    ):
        raise UsageError(f"timer {args.action} logs nothing: that goes with timer stop")
    if args.action == "show":
        _show(session)
    elif args.action == "stop":
        _stop(session)
    elif args.action == "start":
        if args.number is None:
            raise UsageError("say on which ticket: timer start NUMBER")
        _said(session, stopwatch.start(session.desk, args.number), "runs")
    elif args.action == "pause":
        _said(session, stopwatch.pause(session.desk, args.number), "rests")
    else:
        _said(session, stopwatch.discard(session.desk, args.number), "discarded, nothing was logged,")


def _stop(session: Session) -> None:
    from supporttui.desk import stopwatch
    from supporttui.desk.effort import log_time
    from supporttui.when import duration_text

    args, desk = session.args, session.desk
    watch = stopwatch.chosen(desk, args.number)
    worked = args.minutes
    if worked is None:
        if stopwatch.forgotten(watch, session.now):
            shown = duration_text(watch.seconds(session.now))
            raise UsageError(
                f"the stopwatch on {watch.ticket} shows {shown}: say what was really worked with --minutes"
            )
        worked = stopwatch.shown_minutes(watch, session.now)
    changed = log_time(
        desk, watch.ticket, worked, remark(session), started=stopwatch.began(watch, worked, session.now),
        said=said_of(session), ends_watch=True,
    )  # fmt: skip
    print_worked(session, changed, f"has {changed.minutes_logged} min logged, {worked} of them now")


def _show(session: Session) -> None:
    from supporttui.desk import stopwatch

    session.open_existing()
    found = stopwatch.watches(session.desk)
    if session.form == "json":
        session.out.json([_json(session, one) for one in found])
    elif session.form == "tsv":
        rows = [list(_json(session, one).values()) for one in found]
        session.out.tsv(("ticket", "running", "seconds", "begun_at", "actor"), rows)
    elif not found:
        session.out.line("no stopwatch of yours is going; timer start NUMBER starts one")
    for one in found if session.form == "text" else ():
        _said(session, one, "runs" if one.running else "rests")


def _said(session: Session, watch: Stopwatch, what: str) -> None:
    from supporttui.when import duration_text

    if session.form == "json":
        session.out.json(_json(session, watch))
        return
    shown = (
        duration_text(watch.seconds(session.now) // 60 * 60) if watch.seconds(session.now) >= 60 else "0 m"
    )
    session.out.line(f"the stopwatch on {watch.ticket} {what} at {shown}")


def _json(session: Session, watch: Stopwatch) -> dict[str, Any]:
    return {
        "ticket": watch.ticket,
        "running": watch.running,
        "seconds": watch.seconds(session.now),
        "begun_at": watch.begun_at,
        "actor": watch.actor,
    }


COMMANDS = {"timer": Verb(_configure, _run)}

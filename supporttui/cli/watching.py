"""`watch`: look at the clock and send what is owed, for ever, once, or only say how it is."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from supporttui.errors import Refused, StoreBusy, SupportError

from .parser import Parser, Verb
from .watch_intake import Coming

if TYPE_CHECKING:
    from supporttui.watch.service import Turn

    from .session import Session

QUIET = ("watching", "sent", "unreachable")  # what is no news to who starts a round every minute
LATE = timedelta(minutes=5)  # that a mail may lie in the spool before it is worth a warning
WARNING, CRITICAL = 1, 2  # what Nagios, cron and Kubernetes take an exit code for


def _configure(parser: Parser) -> None:
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="one round and the end, for cron")
    how.add_argument(
        "--check",
        action="store_true",
        help="say in one line how the watch is: exit code 0 well, 1 notices wait or are lost or mails lie in the spool, 2 nobody watches",
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing while all is well")


def _run(session: Session) -> int:
    if session.args.check:
        return _check(session)
    if session.settings.switch("restricted"):
        raise Refused("watch starts programs and opens connections: not allowed in restricted mode")
    return _once(session) if session.args.once else _for_ever(session)


def _check(session: Session) -> int:
    """One line and an exit code, whatever is wrong: a store that can't be looked at is watched by nobody."""
    from supporttui.watch import pulse

    try:
        session.open_existing()
        health, now = pulse.health(session.desk), session.now
    except SupportError as error:
        return _say(session, CRITICAL, {"trouble": str(error)}, str(error))
    spooled, since = _spooled(session)
    trouble = health.trouble(now)
    if spooled and not trouble:
        trouble = f"mail lies in the spool since {since} ({spooled} in all): see supporttui intake retry"
    lost = health.alive(now) and (health.late is None or now - health.late <= pulse.STALE)
    record = {
        "trouble": trouble, "watcher": health.name, "beat_at": health.beat_at, "late_since": health.late,
        "waiting_since": health.waiting_since, "queued": health.queued, "dead": health.dead,
        "spooled": spooled,
    }  # fmt: skip
    well = f"{health.name} watches, {health.queued} notices wait, {health.dead} lost"
    return _say(session, 0 if not trouble else WARNING if lost else CRITICAL, record, trouble or well)


def _spooled(session: Session) -> tuple[int, str]:
    """How many mails could not be taken for some minutes, and since when the oldest waits."""
    from supporttui.intake.mail import spool

    from .intake import spool_of

    with suppress(SupportError, OSError):
        arrived = [spool.arrived_in(name) for name in spool.waiting(spool_of(session))]
        late = [at for at in arrived if at is not None and session.now - at > LATE]
        return len(late), f"{min(late):%Y-%m-%d %H:%M:%S} UTC" if late else ""
    return 0, ""


def _say(session: Session, code: int, record: dict[str, Any], line: str) -> int:
    word = ("OK", "WARNING", "CRITICAL")[code]
    if session.form == "json":
        session.out.json({"state": word, **record})
    elif code or not session.args.quiet:
        session.out.line(f"supporttui {word}: {line}")
    return code


def _once(session: Session) -> int:
    """Rounds until nothing is left that could be told now.  The heartbeat stays, for the next one to renew."""
    import socket

    from supporttui.watch import pulse

    watch, helper = _watch(session, f"{pulse.ONCE}{socket.gethostname()}")
    try:
        while True:
            turn = watch.turn()
            _tell(session, turn)
            if turn.trouble:
                raise StoreBusy(turn.trouble)
            if not turn.deliveries:
                return 0
    finally:
        helper.close()
        watch.sender.lead.give_up()


def _for_ever(session: Session) -> int:
    from supporttui.watch import service

    notify = session.world.environ.get("NOTIFY_SOCKET", "")
    watch, helper = _watch(session)
    coming = Coming(session, _log)
    first = True

    def meanwhile() -> None:
        _meanwhile(session, watch, notify)

    try:
        with service.Signals().heard() as signals:
            helper.ending = lambda: signals.ending
            helper.meanwhile = meanwhile
            while not signals.ending:
                turn = watch.turn(lambda: signals.ending)
                service.notify("READY=1\nWATCHDOG=1" if first else "WATCHDOG=1", notify)
                _tell(session, turn, first=first)
                first = False
                coming.turn(lambda: signals.ending, meanwhile)
                signals.wait(watch.wait_seconds())
                if signals.reloading:
                    signals.reloading = False
                    _reload(session, watch, helper, coming, notify)
            service.notify("STOPPING=1", notify)
    finally:
        coming.end()
        helper.close()
        watch.end()
    return 0


def _meanwhile(session: Session, watch: Any, notify: str) -> None:
    """While a delivery takes its time the clock is looked at all the same."""
    from supporttui.watch import service

    turn = watch.meanwhile()
    if turn is not None:
        service.notify("WATCHDOG=1", notify)
        _tell(session, turn)


def _watch(session: Session, name: str = "") -> tuple[Any, Any]:
    """The watcher and the helper that delivers.  Errors: PolicyError for files that can't be used."""
    from supporttui.desk import tokens
    from supporttui.watch.channels.helper import Helper
    from supporttui.watch.sender import Sender
    from supporttui.watch.service import WATCHER, Watch

    desk = session.new_desk(WATCHER)
    helper = Helper(_channels(session))
    _say_unreachable(session, desk)
    sender = Sender(desk, helper, session.zone, token=lambda notice: tokens.token_of(desk, notice))
    watch = Watch(desk, sender)
    watch.name = name or watch.name
    return watch, helper


def _say_unreachable(session: Session, desk: Any) -> None:
    """Roles that name what isn't set up are said at once, not when a notice is lost over them."""
    from supporttui.desk.owed import readable_roster
    from supporttui.watch.channels.settings import load_channels
    from supporttui.watch.reachable import unreachable

    roster, fault = readable_roster(desk)
    if fault:
        lines = [f"{fault}; people are told at consoles only"]
    else:
        lines = unreachable(desk.policy, roster, load_channels(session.settings.path("channels")))
    for line in lines:
        _log(session, {"event": "unreachable", "why": line}, line)


def _channels(session: Session) -> str:
    """The text of the channels file, looked at before anything depends on it."""
    from supporttui.watch.channels.settings import load_channels

    path = session.settings.path("channels")
    load_channels(path)
    return path.read_text(encoding="utf-8-sig") if path.exists() else ""


def _reload(session: Session, watch: Any, helper: Any, coming: Coming, notify: str) -> None:
    """Read policy, roster, channels and intake again; files that can't be used leave the old ones in force."""
    from supporttui.watch import service

    service.notify("RELOADING=1", notify)
    try:
        desk, channels = session.new_desk(service.WATCHER), _channels(session)
        moved = _moved(watch.desk, desk)
        _ = desk.roster
        coming.reload()
        watch.takes(desk)
        helper.channels = channels
        _log(session, {"event": "reloaded", "policy": desk.policy.hash, "moved": moved},
             f"read again: policy {desk.policy.name} {desk.policy.hash}, {moved} open deadlines move")  # fmt: skip
        _say_unreachable(session, desk)
    except SupportError as error:
        _log(session, {"event": "not reloaded", "why": str(error)}, f"not read again: {error}")
    service.notify("READY=1", notify)


def _moved(old: Any, new: Any) -> int:
    """How many open deadlines stand elsewhere under the new policy."""
    if old.policy.hash == new.policy.hash:
        return 0
    from supporttui.desk.adopt import open_timelines
    from supporttui.policy import diff

    return len(diff(old.policy, new.policy, open_timelines(new)))


def _tell(session: Session, turn: Turn, *, first: bool = False) -> None:
    """What a round did, as log lines; nothing for one that did nothing."""
    at = turn.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    if first:
        _log(session, {"event": "watching", "at": at}, f"watching {session.store.url}")
    if turn.jumped is not None:
        seconds = round(turn.jumped.total_seconds())
        _log(session, {"event": "clock", "at": at, "seconds": seconds, "held": turn.held},
             f"the clock was set by {seconds} seconds{'; nothing fires for two minutes' if turn.held else ''}")  # fmt: skip
    if turn.trouble:
        _log(session, {"event": "trouble", "at": at, "why": turn.trouble}, turn.trouble)
    for rung in turn.tick.fired if turn.tick else ():
        _log(session, {"event": "fired", "at": at, "ticket": rung.ticket, "key": rung.key, "role": rung.role},
             f"fired: ticket {rung.ticket}, {rung.label or rung.role}")  # fmt: skip
    for delivery in turn.deliveries:
        notice, result = delivery.notices[0], delivery.result
        state = "sent" if result.taken else "retry" if delivery.next_at else "dead"
        told = "sent" if result.taken else f"not taken: {result.why}"
        _log(session, {"event": state, "at": at, "notice": notice.id, "ticket": notice.ticket,
                       "address": notice.address, "why": "" if result.taken else result.why},
             f"notice {notice.id} of ticket {notice.ticket} to {notice.address}: {told}")  # fmt: skip


def _log(session: Session, record: dict[str, Any], line: str) -> None:
    """A line of the log.  One that can't be written, since nobody reads or the disk is full, ends no watch."""
    try:
        if session.form == "json":
            session.out.json_line(record)
        elif not session.args.quiet or record["event"] not in QUIET:
            session.out.line(line)
        session.out.flush()
    except (OSError, ValueError):
        session.out.stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


COMMANDS = {"watch": Verb(_configure, _run)}

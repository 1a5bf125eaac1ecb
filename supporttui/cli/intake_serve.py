"""`intake serve`: stay, so that the gateway has nothing to load: it hands each mail over and hears when it is a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .intake import add_beside, gateway_of, spool_of
from .parser import Parser

if TYPE_CHECKING:
    from supporttui.intake.mail.gateway import Gateway, Taken

    from .session import Session


def configure(parser: Parser) -> None:
    parser.add_argument("--quiet", action="store_true", help="print only what could not be taken")
    add_beside(parser)
    parser.epilog = (
        "While it runs, `intake mail` is as quick as a process can be.  TERM ends it, HUP reads the settings again.\n"
        "Without it, `intake mail` does the same work by itself."
    )


def run(session: Session) -> int:
    from supporttui.intake.mail.taker import Taker
    from supporttui.watch.companion import stay_beside
    from supporttui.watch.service import Signals, notify

    stay_beside(session.args.beside or 0)
    socket = session.world.environ.get("NOTIFY_SOCKET", "")
    taker = Taker(
        spool_of(session, making=True), lambda: _gateway(session), lambda taken: _tell(session, taken)
    )
    try:
        with Signals().heard() as signals:

            def stop() -> bool:
                if signals.reloading:
                    signals.reloading, taker.stale = False, True
                return bool(signals.ending)

            notify("READY=1", socket)
            taker.serve(stop, signals.handle)
            notify("STOPPING=1", socket)
    finally:
        taker.close()
    return 0


def _gateway(session: Session) -> Gateway:
    """What mails are taken with, from settings read afresh, on a store opened anew."""
    session.close()
    session.__dict__.pop("intake", None)
    return gateway_of(session)


def _tell(session: Session, taken: Taken) -> None:
    """A line of the log.  One that can't be written ends no taker."""
    from supporttui.intake.mail.gateway import line_of

    got = taken.received
    try:
        if session.form == "json":
            session.out.json_line({"event": "trouble" if taken.trouble else "taken", "name": taken.name,
                                   "outcome": got.outcome if got else "", "ticket": got.ticket if got else 0,
                                   "why": taken.trouble})  # fmt: skip
        elif taken.trouble:
            session.out.line(f"{taken.name}: stays in the spool: {taken.trouble}")
        elif got is not None and not session.args.quiet:
            session.out.line(line_of(got))
        session.out.flush()
    except (OSError, ValueError):
        import os

        session.out.stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115

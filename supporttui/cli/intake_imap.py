"""`intake imap`: take the mails of a mailbox, for ever or once."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any

from supporttui.errors import PolicyError, Refused, StoreBusy

from .intake import CHUNK, add_beside, gateway_of, line_of
from .parser import Parser

if TYPE_CHECKING:
    from supporttui.desk.incoming import Received
    from supporttui.intake.imap import Mailbox, Round

    from .session import Session

NO_NEWS = ("taken",)


def configure(parser: Parser) -> None:
    parser.add_argument("--once", action="store_true", help="take what is there now, and the end")
    parser.add_argument("--quiet", action="store_true", help="print nothing of mails that were taken")
    add_beside(parser)
    parser.epilog = (
        "The mailbox is that of [imap] in the intake settings (docs/mail.md).  A mail is marked as seen, or moved,\n"
        "only when it is kept.  Exit code of --once: 0 all were taken, 75 some were not."
    )


def run(session: Session) -> int:
    if session.settings.switch("restricted"):
        raise Refused("intake imap opens a connection: not allowed in restricted mode")
    from supporttui.watch.companion import stay_beside

    stay_beside(session.args.beside or 0)
    mailbox = make(session)
    try:
        return _once(mailbox) if session.args.once else _for_ever(session, mailbox)
    finally:
        mailbox.close()


def make(session: Session) -> Mailbox:
    """The mailbox of the settings, whose mails the gateway of the session's store takes.  Errors: PolicyError."""
    from supporttui.intake.imap import Mailbox

    table = session.intake.imap
    if table is None:
        raise PolicyError(
            f"{session.settings.path('intake')}: no [imap] table says which mailbox (docs/mail.md)"
        )
    gateway = gateway_of(session)

    def take(mail: IO[bytes]) -> None:
        received = gateway.deliver(iter(lambda: mail.read(CHUNK), b""))
        _tell(session, "taken", line_of(received), received)

    return Mailbox(table, take)


def _once(mailbox: Mailbox) -> int:
    found = mailbox.round()
    if found.trouble:
        raise StoreBusy(trouble_of(found))
    return 0


def _for_ever(session: Session, mailbox: Mailbox) -> int:
    from supporttui.watch import service

    told = ""
    with service.Signals().heard() as signals:
        while not (signals.ending or _alone(session)):
            found = mailbox.round(lambda: signals.ending)
            if found.trouble != told:
                told = found.trouble
                _tell(session, "trouble", trouble_of(found) if told else "all is well again")
            _wait(session, signals, mailbox.wait_seconds())
    return 0


def _wait(session: Session, signals: Any, seconds: float) -> None:
    """Until the next round, a signal, or the end of whoever started it."""
    step = 5.0 if session.args.beside else seconds
    while seconds > 0 and not (signals.ending or _alone(session)):
        signals.wait(min(step, seconds))
        if signals.reloading:
            signals.reloading = False
            return
        seconds -= step


def _alone(session: Session) -> bool:
    from supporttui.watch.companion import is_beside

    return not is_beside(session.args.beside or 0)


def trouble_of(found: Round) -> str:
    left = f"{found.left} mails stay in the mailbox: " if found.left else ""
    return f"{left}{found.trouble}"


def _tell(session: Session, event: str, line: str, received: Received | None = None) -> None:
    """A line of the log; one that can't be written holds up no mail."""
    if event in NO_NEWS and session.args.quiet:
        return
    record: dict[str, Any] = {"event": event, "line": line}
    if received is not None:
        record |= {"outcome": received.outcome, "ticket": received.ticket}
    try:
        if session.form == "json":
            session.out.json_line(record)
        else:
            session.out.line(line)
        session.out.flush()
    except (OSError, ValueError):
        session.out.stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115

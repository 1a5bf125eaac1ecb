"""`intake`: what comes in by mail, from a mailbox, from a folder that others fill."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from supporttui.errors import StoreBusy, StoreError, UsageError

from .entry import mute
from .parser import Parser, Verb, whole

if TYPE_CHECKING:
    from supporttui.desk.incoming import Received
    from supporttui.intake.mail.gateway import Gateway, Taken

    from .session import Session

# The verbs of the family: the module of this package that has it, with `configure` and `run`; "" is this one.
PARTS = {"mail": "", "retry": "", "serve": "intake_serve", "imap": "intake_imap", "uploads": "intake_uploads"}
CHUNK = 1 << 18
ACTOR = "intake"
COLUMNS = ("name", "outcome", "ticket", "line", "trouble")


def _parts() -> Mapping[str, Verb]:
    here = {
        "mail": Verb(_configure_mail, _run_mail),
        "retry": Verb(_configure_retry, _run_retry),
    }
    return {name: here[name] if not module else _elsewhere(module) for name, module in PARTS.items()}


def _elsewhere(module: str) -> Verb:
    """A verb whose module is loaded when it is used."""

    def configure(parser: Parser) -> None:
        import_module(f"supporttui.cli.{module}").configure(parser)

    def run(session: Session) -> int | None:
        code: int | None = import_module(f"supporttui.cli.{module}").run(session)
        return code

    return Verb(configure, run)


def _configure(parser: Parser) -> None:
    verbs = tuple(PARTS)
    parser.add_argument("verb", choices=verbs, metavar="VERB", help=", ".join(verbs))
    parser.epilog = "supporttui intake VERB --help prints the page of a verb."


def _no_verb(session: Session) -> None:
    raise UsageError(f"what should be done? {', '.join(PARTS)}")


# -- mail: one message on standard input -------------------------------------------------------------


def _configure_mail(parser: Parser) -> None:
    parser.add_argument(
        "--from",
        dest="envelope",
        metavar="ADDRESS",
        default="",
        help="the envelope's sender, as postfix's ${sender} is; <> for none",
    )
    parser.add_argument("--spooled", metavar="NAME", default="", help=argparse.SUPPRESS)
    parser.epilog = (
        "One message on standard input, as postfix, exim, procmail or .forward give it.\n"
        "Exit code 0: it is a ticket, or what else it was to become, on the disk.  75: try again."
    )


def _run_mail(session: Session) -> None:
    from supporttui.desk.incoming import Received
    from supporttui.intake.mail import front, spool

    args = session.args
    # First the spool, then the store: a mail is safe before anything else can be wrong.
    name = args.spooled or spool.put(
        spool_of(session, making=True), _message(session), envelope=front.envelope_of(args.envelope)
    )
    try:
        received = gateway_of(session).take(name, wait=True)
    except Exception:
        spool.drop_twin(spool_of(session), name)
        raise
    received = received or Received(outcome="duplicate", line="taken by another process")
    try:
        print_received(session, received)
        session.out.flush()
    except OSError:
        mute(session.world)  # the mail is taken, whether anybody reads this or not


def _message(session: Session) -> Iterator[bytes]:
    """Standard input, piece by piece."""
    stream: Any = getattr(session.world.stdin, "buffer", None)
    if stream is None:
        yield session.world.stdin.read().encode("utf-8", "surrogateescape")
        return
    while chunk := stream.read(CHUNK):
        yield chunk


# -- retry: what lies in the spool -----------------------------------------------------------------


def _configure_retry(parser: Parser) -> None:
    parser.epilog = "Takes what lies in the spool since it could not be taken when it came.  Exit code 75: some still does."


def _run_retry(session: Session) -> int:
    taken = list(_told(session, gateway_of(session).take_all()))
    records = [_record(one) for one in taken]
    if session.form == "json":
        session.out.json(records)
    elif session.form == "tsv":
        session.out.tsv(COLUMNS, [list(one.values()) for one in records])
    elif not taken:
        session.out.line("the spool is empty")
    return StoreBusy.exit_code if any(one.trouble for one in taken) else 0


def _told(session: Session, taken: Iterator[Taken]) -> Iterator[Taken]:
    """Each as it is done: a spool may be long."""
    for one in taken:
        if session.form == "text":
            done = line_of(one.received) if one.received else f"stays: {one.trouble}"
            session.out.line(f"{one.name}: {done}")
        yield one


def _record(one: Taken) -> dict[str, object]:
    got = one.received
    values = (
        one.name,
        got.outcome if got else "",
        got.ticket if got else 0,
        got.line if got else "",
        one.trouble,
    )
    return dict(zip(COLUMNS, values, strict=True))


# -- shared -----------------------------------------------------------------------------------------


def add_beside(parser: Parser) -> None:
    """The option by which a watch starts what runs beside it."""
    parser.add_argument(
        "--beside",
        type=whole(1, 2**31),
        metavar="PID",
        help="end when this process, which started it, is gone",
    )


def gateway_of(session: Session) -> Gateway:
    """What takes a mail on the session's store, under its settings."""
    from supporttui.desk.files import blobs_of
    from supporttui.intake.mail.gateway import Gateway

    desk = session.new_desk(ACTOR)
    return Gateway(desk, session.intake, blobs_of(desk, session.intake), spool_of(session, making=True))


def spool_of(session: Session, *, making: bool = False) -> str:
    """The folder of the session's spool.  making: the folder that settings name for files, when it isn't there.

    Errors: UsageError for a store in memory, which has no spool; StoreError.
    """
    from supporttui.intake.mail import spool

    store = session.settings.text("store")
    if store == ":memory:":
        raise UsageError("a store in memory keeps no mail: name a file or a server with --store")
    named = session.intake.files.folder
    if named and making:
        try:
            os.makedirs(os.path.expanduser(named), mode=0o700, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{named}: the folder of files can't be made: {error.strerror}; "
                "make it, or name another in [files] of the intake settings"
            ) from None
    return spool.folder_for(store, named)


def print_received(session: Session, received: Received) -> None:
    out = session.out
    record = {"outcome": received.outcome, "ticket": received.ticket, "line": received.line}
    if out.form == "json":
        out.json(record)
    elif out.form == "tsv":
        out.tsv(list(record), [list(record.values())])
    else:
        out.line(line_of(received))


def line_of(received: Received) -> str:
    """What became of a mail, for people."""
    from supporttui.intake.mail.gateway import line_of as line

    return line(received)


COMMANDS = {"intake": Verb(_configure, _no_verb, parts=_parts)}

"""`undo` and `redo`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supporttui.errors import UsageError

from .parser import Parser, Verb, ticket

if TYPE_CHECKING:
    from supporttui.desk.session import Desk
    from supporttui.desk.undo import Undone

    from .session import Session


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "number",
        nargs="?",
        type=ticket,
        metavar="NUMBER",
        help="of this ticket; your own last change when left out",
    )


def _run_undo(session: Session) -> None:
    from supporttui.desk.undo import undo

    _print(session, _guarded(session, undo))


def _run_redo(session: Session) -> None:
    from supporttui.desk.undo import redo

    _print(session, _guarded(session, redo))


def _guarded(session: Session, act: Callable[[Desk, int | None], Undone]) -> Undone:
    """Undo or redo, refused when the ticket changed since the version that was seen."""
    from supporttui.desk.act import HARMLESS, check_seen, fetch, transaction

    desk, number, seen = session.desk, session.args.number, session.args.seen
    if seen is not None and number is None:
        raise UsageError("--if-version needs the ticket's NUMBER")
    with transaction(desk):
        if seen is not None:
            check_seen(desk, fetch(desk, number), seen, HARMLESS)
        return act(desk, number)


def _print(session: Session, undone: Undone) -> None:
    out = session.out
    if out.form == "json":
        records = [{"kind": kind, "id": id} for kind, id in undone.records]
        out.json({"description": undone.description, "numbers": list(undone.numbers), "records": records})
    elif out.form == "tsv":
        out.tsv(["description", "numbers"], [[undone.description, list(undone.numbers)]])
    else:
        out.line(undone.description, clipped=True)


COMMANDS = {
    "undo": Verb(_configure, _run_undo, writes=True),
    "redo": Verb(_configure, _run_redo, writes=True),
}

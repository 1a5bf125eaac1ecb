"""`undo` and `redo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .parser import Parser, Verb, ticket

if TYPE_CHECKING:
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

    _print(session, undo(session.desk, session.args.number))


def _run_redo(session: Session) -> None:
    from supporttui.desk.undo import redo

    _print(session, redo(session.desk, session.args.number))


def _print(session: Session, undone: Undone) -> None:
    out = session.out
    if out.form == "json":
        out.json({"description": undone.description, "numbers": list(undone.numbers)})
    elif out.form == "tsv":
        out.tsv(["description", "numbers"], [[undone.description, list(undone.numbers)]])
    else:
        out.line(undone.description, clipped=True)


COMMANDS = {"undo": Verb(_configure, _run_undo), "redo": Verb(_configure, _run_redo)}

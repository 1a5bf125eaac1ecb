"""`templates`: the canned replies that the console offers, and whether their files can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import PolicyError

from .output import Column
from .parser import Parser, Verb

if TYPE_CHECKING:
    from supporttui.desk.templates import Library

    from .session import Session

COLUMNS = (Column("name"), Column("for"), Column("whose"), Column("title", flexible=True))


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="only say what is wrong with the files; exit code 78 when anything is"
    )  # fmt: skip


def _run(session: Session) -> int:
    from supporttui.config import template_folders
    from supporttui.desk import templates

    found = templates.load(template_folders(session.settings, session.world.environ))
    return _check(session, found) if session.args.check else _print(session, found)


def _check(session: Session, found: Library) -> int:
    out = session.out
    if out.form == "json":
        out.json_list({**fault._asdict(), "path": str(fault.path)} for fault in found.faults)
    elif out.form == "tsv":
        rows = (
            [str(fault.path), str(fault.line), str(fault.column), fault.message] for fault in found.faults
        )
        out.tsv(["path", "line", "column", "message"], rows)
    else:
        for fault in found.faults:
            out.line(str(fault))
        if not found.faults:
            out.line(f"{len(found.templates)} templates, and nothing is wrong with them")
    return PolicyError.exit_code if found.faults else 0


def _print(session: Session, found: Library) -> int:
    """The templates that can be used; a broken file is told on standard error."""
    out, shown = session.out, [_as_json(one) for one in found.templates]
    if out.form == "json":
        out.json_list(shown)
    elif out.form == "tsv":
        rows = [
            [one["name"], " ".join(one["kinds"]), one["origin"], one["title"], one["path"]] for one in shown
        ]
        out.tsv(["name", "kinds", "origin", "title", "path"], rows)
    else:
        out.table(
            COLUMNS,
            [
                [one["name"], ", ".join(one["kinds"]) or "any text", one["origin"], one["title"]]
                for one in shown
            ],
        )
    for fault in found.faults:
        session.hint(str(fault))
    return 0


def _as_json(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "kinds": list(one.kinds),
        "origin": one.origin,
        "path": str(one.path),
    }


COMMANDS = {"templates": Verb(_configure, _run)}

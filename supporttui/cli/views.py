"""`views`: named queries, and how many tickets each holds now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

from .output import Column
from .parser import Parser, Verb, query_text, text

if TYPE_CHECKING:
    from supporttui.store.records import View

    from .session import Session

COLUMNS = (Column("view"), Column("tickets", right=True), Column("whose"), Column("query", flexible=True))


def _configure(parser: Parser) -> None:
    parser.add_argument("query", nargs="*", metavar="QUERY", help="with --save: the query to keep")
    parser.add_argument("--save", type=text, metavar="NAME", help="keep the query under this name")
    parser.add_argument("--shared", action="store_true", help="for the whole desk, not only for yourself")
    parser.add_argument("--delete", type=text, metavar="NAME", help="forget a saved view")


def _run(session: Session) -> None:
    from supporttui.desk import views

    args = session.args
    if args.save is not None:
        if not args.query:
            raise UsageError("--save needs the query to keep, such as: views --save Mine owner:@me")
        views.save(session.desk, args.save, query_text(args.query), shared=args.shared)
    elif args.delete is not None:
        views.delete(session.desk, args.delete)
    elif args.query or args.shared:
        raise UsageError("to keep a query, give it a name with --save NAME")
    _print(session, [_view_json(session, view) for view in views.all_views(session.desk)])


def _view_json(session: Session, view: View) -> dict[str, Any]:
    from supporttui.desk import look
    from supporttui.desk.query import parse, resolve

    where, _sort = resolve(parse(view.query), now=session.now, me=session.settings.actor, zone=session.zone)
    return {
        "name": view.name,
        "query": view.query,
        "owner": view.owner,
        "count": look.count(session.desk, where),
    }


def _print(session: Session, shown: list[dict[str, Any]]) -> None:
    out = session.out
    if out.form == "json":
        out.json_list(shown)
    elif out.form == "tsv":
        out.tsv(
            ["name", "count", "owner", "query"],
            [[v["name"], v["count"], v["owner"], v["query"]] for v in shown],
        )
    else:
        rows = [
            [view["name"], str(view["count"]), view["owner"] or "the desk", view["query"]] for view in shown
        ]
        out.table(COLUMNS, rows)


COMMANDS = {"views": Verb(_configure, _run, query=True)}

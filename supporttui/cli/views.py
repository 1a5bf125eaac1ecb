"""`views`: named queries, and how many tickets each holds now; add, remove, hide, move and check them.

One's own views live in views.toml, except in restricted mode, where everybody
shares the service account's folder and they live in the store instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from supporttui.errors import DataError, NotFound, QueryError, Refused, UsageError

from .output import Column
from .parser import Parser, Verb, query_text, text

if TYPE_CHECKING:
    from supporttui.desk.viewfile import NamedView

    from .session import Session

COLUMNS = (Column("view"), Column("tickets", right=True), Column("whose"), Column("query", flexible=True))
WHOSE = {"built-in": "built in", "desk": "the desk", "own": "mine", "file": "mine, views.toml"}
ACTIONS = ("list", "add", "remove", "rename", "hide", "move", "check")
LARGEST_ORDER = 999


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "action", nargs="?", default="list", type=text, metavar="ACTION",
        help="list (the default), add NAME QUERY, remove NAME, rename NAME NEW, hide NAME, move NAME PLACE, or check",
    )  # fmt: skip
    parser.add_argument("words", nargs="*", metavar="WORD", help="what the action needs")
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument("--mine", action="store_true", help="add, remove: for yourself (the default)")
    scope.add_argument("--desk", action="store_true", help="add, remove: for everybody on this desk")
    parser.add_argument("--bell", action="store_true", help="add: ring when a ticket comes into it")


def _run(session: Session) -> int:
    args = session.args
    if args.action not in ACTIONS:
        from supporttui.config import nearest

        hint = nearest(args.action, ACTIONS) or f"; it may be {', '.join(ACTIONS)}"
        raise UsageError(f"views does not know {args.action!r}{hint}")
    if args.action == "check":
        return _check(session)
    if args.action != "list":
        {"add": _add, "remove": _remove, "rename": _rename, "hide": _hide, "move": _move}[args.action](
            session
        )
    elif args.words:
        raise UsageError("views list takes no words; to keep a query: views add NAME QUERY")
    _list(session)
    return 0


def _file(session: Session) -> Path | None:
    from supporttui.desk.viewfile import view_file

    return None if session.settings.switch("restricted") else view_file(session.world.environ)


def _name(session: Session, what: str, count: int | None = 1) -> str:
    words = session.args.words
    if not words or (count is not None and len(words) != count):
        raise UsageError(f"views {session.args.action} needs {what}")
    return text(words[0])


def _add(session: Session) -> None:
    from supporttui.desk import views

    name = _name(session, "a name and a query, such as: views add Hyper product:HyperIP open", None)
    query = query_text(session.args.words[1:])
    if not query:
        raise UsageError("views add needs the query to keep, such as: views add Hyper product:HyperIP open")
    if session.args.desk:
        if session.args.bell:
            raise UsageError("--bell is for a view of your own: everybody decides what rings for them")
        views.save(session.desk, name, query, shared=True)
    else:
        views.save_mine(session.desk, _file(session), name, query, bell=session.args.bell)


def _remove(session: Session) -> None:
    from supporttui.desk import viewfile, views

    name, file = _name(session, "the name of a view"), _file(session)
    if session.args.desk:
        views.delete(session.desk, name, shared=True)
    elif file is None or not viewfile.remove(file, name):
        views.delete(session.desk, name, shared=False if session.args.mine else None)


def _rename(session: Session) -> None:
    from supporttui.desk import check, viewfile, views
    from supporttui.desk.act import transaction

    name, file = _name(session, "the name of a view and its new one", 2), _file(session)
    new = check.subject(text(session.args.words[1]))
    known = views.find(session.desk, name, file)
    taken = {one.name.casefold() for one in views.all_views(session.desk, file)} - {known.name.casefold()}
    if new.casefold() in taken:
        raise UsageError(f"there is a view called {new!r} already")
    if known.source == "file" and file is not None:
        viewfile.rename(file, known.name, new)
    elif known.source in ("desk", "own"):
        shared = known.source == "desk"
        with transaction(session.desk):
            views.delete(session.desk, known.name, shared=shared)
            views.save(session.desk, new, known.query, shared=shared)
    else:
        raise Refused(f"'{known.name}' is built in: add a view of your own and hide this one")


def _hide(session: Session) -> None:
    from supporttui.desk import viewfile, views

    file = _own_file(session)
    view = views.find(session.desk, _name(session, "the name of a view"), file)
    viewfile.put(file, view.name, view.query if view.source == "file" else None, hidden=True)


def _move(session: Session) -> None:
    from supporttui.desk import viewfile, views

    name, file = (
        _name(session, "the name of a view and its place, such as: views move Mine 1", 2),
        _own_file(session),
    )
    place = text(session.args.words[1])
    if not (place.isascii() and place.isdigit() and 0 < int(place[:9]) <= LARGEST_ORDER):
        raise UsageError(f"the place {place!r} is not a whole number from 1 to {LARGEST_ORDER}")
    viewfile.move(file, views.find(session.desk, name, file).name, int(place))


def _own_file(session: Session) -> Path:
    file = _file(session)
    if file is None:
        session.no_named_files("arranging the tabs of a shared account")
        raise NotFound("there is no views.toml here")
    return file


def _check(session: Session) -> int:
    """Say what is wrong with one's file and with every view's query; exit code 65 when anything is."""
    from supporttui.desk import viewfile, views

    file = _file(session)
    read = viewfile.read(file)
    faults = list(read.faults)
    for view in views.gather(session.desk, read):
        fault = view.fault or _fault(session, view)
        if fault and not (view.source == "file" and view.fault):
            where = str(file) if view.source == "file" else f"view of {WHOSE[view.source]}"
            faults.append(f"{where}: '{view.name}': {fault}")
    for line in faults:
        session.out.line(line)
    if not faults:
        session.out.line(f"{len(views.gather(session.desk, read))} views, nothing wrong")
    return DataError.exit_code if faults else 0


def _fault(session: Session, view: NamedView) -> str:
    """What the policy has against a query that can be read, such as a status that it doesn't know."""
    from supporttui.desk.query import parse, resolve

    try:
        resolve(
            parse(view.query),
            now=session.now,
            me=session.settings.actor,
            policy=session.load_policy(),
            zone=session.zone,
        )
    except QueryError as error:
        return f"query, {error}"
    return ""


def _list(session: Session) -> None:
    from supporttui.desk import viewfile, views

    read = viewfile.read(_file(session))
    for fault in read.faults:
        session.hint(fault)
    _print(session, [_view_json(session, view) for view in views.gather(session.desk, read)])


def _view_json(session: Session, view: NamedView) -> dict[str, Any]:
    from supporttui.desk import look
    from supporttui.desk.query import parse, resolve

    count: int | None = None
    if not view.fault:
        where, _sort = resolve(
            parse(view.query), now=session.now, me=session.settings.actor, zone=session.zone
        )
        count = look.count(session.desk, where)
    return {
        "name": view.name,
        "query": view.query,
        "owner": view.owner,
        "count": count,
        "source": view.source,
        "bell": view.bell,
        "fault": view.fault,
    }


def _print(session: Session, shown: list[dict[str, Any]]) -> None:
    out = session.out
    if out.form == "json":
        out.json_list(shown)
    elif out.form == "tsv":
        out.tsv(
            ["name", "count", "owner", "query", "source"],
            [[v["name"], v["count"], v["owner"], v["query"], v["source"]] for v in shown],
        )
    else:
        rows = [
            [
                view["name"],
                "!" if view["count"] is None else str(view["count"]),
                WHOSE[view["source"]],
                view["query"],
            ]
            for view in shown
        ]
        out.table(COLUMNS, rows)


COMMANDS = {"views": Verb(_configure, _run, query=True)}

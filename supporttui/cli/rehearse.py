"""`rehearse`: play the policy through on a copy of the store, with a fast clock, and see what would be told."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supporttui.errors import DataError, UsageError

from .parser import Parser, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supporttui.desk.session import Desk
    from supporttui.watch.rehearsal import Told

    from .session import Session

USUAL = "7d"
LONGEST = timedelta(days=731)


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "--for", dest="length", default=USUAL, metavar="DURATION", help=f"how long; {USUAL} if left out"
    )
    parser.add_argument("--start", metavar="TIME", help="begin then instead of now")
    parser.add_argument(
        "--demo", action="store_true", help="on the sample desk instead of a copy of the store"
    )
    parser.add_argument(
        "--expect", metavar="FILE", help="compare with a kept --json output: exit code 1 and what differs"
    )


def _run(session: Session) -> int:
    from supporttui.watch import rehearsal

    expected = _expected(session)
    start = session.instant(session.args.start) if session.args.start else session.now
    with ExitStack() as stack:
        desk = _copy(session, stack, start)
        told = rehearsal.rehearse(desk, start + _length(session))
        if expected is not None:
            return _compare(session, expected, told)
        _print(session, told)
    return 0


def _length(session: Session) -> timedelta:
    from supporttui.when import parse_duration

    try:
        length = parse_duration(session.args.length)
    except UsageError as error:
        raise UsageError(f"--for: {error}") from None
    if not timedelta(0) < length <= LONGEST:
        raise UsageError(f"--for {session.args.length}: write more than nothing and at most two years")
    return length


def _copy(session: Session, stack: ExitStack, start: Any) -> Desk:
    """A desk on a copy that is thrown away, with a clock that stands at the start."""
    from supporttui.clock import ManualClock
    from supporttui.desk.session import Desk
    from supporttui.store import open_store

    folder = Path(tempfile.mkdtemp(prefix="supporttui-rehearsal-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    os.chmod(folder, 0o700)
    path = folder / "desk.sqlite3"
    clock = ManualClock(start)
    if session.args.demo:
        from supporttui.demo import build_demo

        store = stack.enter_context(open_store(path))
        build_demo(Desk(store, session.policy_name(), clock, "demo"))
    else:
        session.open_existing().backup(str(path))
        store = stack.enter_context(open_store(path))
    return Desk(store, session.policy_name(), clock, "rehearsal", session.settings.path("roster"))


def _expected(session: Session) -> list[dict[str, Any]] | None:
    name = session.args.expect
    if not name:
        return None
    file = session.read_file(name, "--expect FILE")
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        fit = isinstance(kept, list) and all(
            {"at", "ticket", "severity", "address", "role", "what"} <= set(one) for one in kept
        )
    except (ValueError, TypeError, OSError) as error:
        raise DataError(f"{name}: no kept rehearsal: {error}") from None
    if not fit:
        raise DataError(f"{name}: no kept rehearsal; keep one with: supporttui rehearse --json > FILE")
    found: list[dict[str, Any]] = kept
    return found


def _compare(session: Session, expected: list[dict[str, Any]], told: Iterator[Told]) -> int:
    from supporttui.watch.rehearsal import compare

    lines = compare(expected, [one.plain() for one in told])
    for line in lines:
        session.out.line(line)
    if not lines:
        session.out.line(f"as expected: {len(expected)} notices")
    return 1 if lines else 0


def _print(session: Session, told: Iterator[Told]) -> None:
    out = session.out
    if out.form == "json":
        out.json_list(one.plain() for one in told)
        return
    if out.form == "tsv":
        names = ("at", "ticket", "severity", "address", "person", "role", "what", "due")
        out.tsv(names, ([str(one.plain()[name]) for name in names] for one in told))
        return
    count = 0
    for one in told:
        count += 1
        whom = (
            f"{one.person} ({one.address})" if one.person and one.person not in one.address else one.address
        )
        out.line(f"{session.local(one.at)}  S{one.severity} {one.ticket}  {one.what} → {whom}")
        for note in one.passed:
            out.line(f"    {note}")
        out.flush()
    out.line(f"{count} notices would be told" if count else "nothing would be told")


COMMANDS = {"rehearse": Verb(_configure, _run)}

"""`tour`: the sample desk with a guide beside the analyst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .parser import Parser, Verb

if TYPE_CHECKING:
    from .session import Session


def _configure(parser: Parser) -> None:
    """No arguments of its own."""


def _run(session: Session) -> int:
    from supporttui.demo.opening import Opening

    from .console import insist_on_terminal, open_demo

    insist_on_terminal(session.world)
    return open_demo(session, None, Opening(tour=True), what="the tour")


COMMANDS = {"tour": Verb(_configure, _run, prints=False)}

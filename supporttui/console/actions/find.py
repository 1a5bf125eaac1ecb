"""Finding: narrow what is shown, ask a query, go to a number, read the keys and the messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from supporttui.console.question import Question
from supporttui.console.work import Target, Work
from supporttui.errors import NotFound, QueryError, SupportError

from . import move


async def find(work: Work) -> None:
    work.screen.prompt.ask(
        "find", "/", value=work.screen.question.narrow, hint="words that a row shows; Esc for all"
    )


async def query(work: Work) -> None:
    from supporttui.console.widgets.query_suggester import QuerySuggester

    work.screen.prompt.ask(
        "query",
        "f",
        value=work.screen.question.query,
        hint="sev:1,2 status:open owner:@me due:<30m overdue customer:Acme product:HyperIP sort:due",
        suggester=QuerySuggester(work.app.facts.choices),
    )


async def go(work: Work) -> None:
    work.screen.prompt.ask("go", "#", hint="number of a ticket")


async def keys(work: Work) -> None:
    from supporttui.console.dialogs.keys import Keys

    app = work.app
    dialog = app.dialog(Keys).prepare(app.shift.keymap, work.screen.situation(), ascii=app.ink.ascii)
    chosen = await work.ask(dialog)
    if chosen is not None:
        app.call_later(app.perform, app.shift.keymap.by_id(chosen))


async def messages(work: Work) -> None:
    from supporttui.console.dialogs.messages import Messages

    app = work.app
    await work.ask(app.dialog(Messages).prepare(tuple(app.shift.said)))


async def narrow_to(work: Work, _targets: Sequence[Target], argument: str) -> bool:
    """argument: words that a row shows."""
    _narrow(work, argument)
    return True


async def show_query(work: Work, _targets: Sequence[Target], argument: str) -> bool:
    """argument: a query.  Errors: QueryError."""
    _asked(work, argument)
    return True


async def go_to(work: Work, _targets: Sequence[Target], argument: str) -> bool:
    """argument: the number of a ticket.  Errors: NotFound."""
    number = int(argument)
    if work.screen.queue.list.go_to(number):
        work.screen.focus_pane("queue")
        return True
    from supporttui.desk import look

    await work.app.link.run(lambda desk: look.ticket(desk, number, journal_limit=1))
    show_number(work, number)
    return True


async def view(work: Work) -> None:
    from supporttui.console.dialogs.choose import Choose
    from supporttui.console.widgets.menu import Option

    screen = work.screen
    options = [
        Option(one.name, one.name, key=str(at) if at < 10 else "", note=one.query)
        for at, one in enumerate(screen.views, 1)
    ]
    dialog = work.app.dialog(Choose).prepare("Show which view?", options, index=max(0, screen.view))
    chosen = await work.ask(dialog)
    if chosen is not None:
        await work.apply("view", (), chosen)


async def show_view(work: Work, _targets: Sequence[Target], argument: str) -> bool:
    """argument: the name of a view.  Errors: NotFound."""
    names = [one.name.casefold() for one in work.screen.views]
    if argument.casefold() not in names:
        raise NotFound(f"there is no view “{argument}”")
    move.view(work.app, names.index(argument.casefold()))
    return True


def typed(work: Work, kind: str, text: str) -> None:
    """While one types: `/` narrows at once."""
    if kind == "find" and text.strip() != work.screen.question.narrow:
        _narrow(work, text)


def entered(work: Work, kind: str, text: str) -> None:
    """Enter in the prompt; a prompt that can't be answered stays open and says why."""
    text = text.strip()
    if kind == "find":
        _narrow(work, text)
        _done(work)
    elif kind == "query":
        _ask(work, text)
    elif kind == "go":
        _go(work, text)
    elif kind == "command":
        from . import line

        line.entered(work, text)


def left(work: Work, kind: str) -> None:
    """Esc in the prompt."""
    if kind == "find":
        _narrow(work, "")
    _done(work)


def _done(work: Work) -> None:
    work.screen.prompt.close()
    work.screen.focus_pane(work.screen.active)


def _narrow(work: Work, text: str) -> None:
    question = work.screen.question
    if question.narrow != text.strip():
        move.show(work.app, replace(question, narrow=text.strip()))


def _ask(work: Work, text: str) -> None:
    try:
        _asked(work, text)
    except QueryError as error:
        work.screen.prompt.complain(str(error), error.column)
        return
    _done(work)


def _asked(work: Work, text: str) -> None:
    screen, app = work.screen, work.app
    question = Question(text or "everything", text)
    question.resolved(app.shift.now(), app.shift.setting.actor, app.policy, app.zone)
    screen.view = -1
    move.show(app, question)


def _go(work: Work, text: str) -> None:
    digits = text.lstrip("#").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        work.screen.prompt.complain("a number, such as 1042")
        return
    work.app.opening(True)  # keys behind it are for the ticket that is gone to
    work.app.run_worker(_find_number(work, digits), group="go")


async def _find_number(work: Work, digits: str) -> None:
    try:
        await go_to(work, (), digits)
    except SupportError as error:  # no such ticket, or a store that can't be read
        work.screen.prompt.complain(str(error))
    else:
        pane = work.screen.active
        work.screen.prompt.close()
        work.screen.focus_pane(pane)
    finally:
        work.app.opening(False)


def show_number(work: Work, number: int) -> None:
    """Open a ticket that the list may not hold, over the whole body."""
    work.screen.asked_for = number
    work.screen.zoom("detail")
    work.screen.focus_pane("detail")
    work.app.reader.want_detail()

"""Finding: narrow what is shown, ask a query, go to a number, run a verb by name, read the keys and the messages."""

from __future__ import annotations

from dataclasses import replace

from textual.suggester import SuggestFromList

from supporttui.console.question import Question
from supporttui.console.widgets.query_suggester import QuerySuggester
from supporttui.console.work import Work
from supporttui.desk import look
from supporttui.errors import NotFound, QueryError
from supporttui.verbs.registry import BY_ID, VERBS, matching

from . import move


async def find(work: Work) -> None:
    work.screen.prompt.ask(
        "find", "/", value=work.screen.question.narrow, hint="words that a row shows; Esc for all"
    )


async def query(work: Work) -> None:
    work.screen.prompt.ask(
        "query",
        "f",
        value=work.screen.question.query,
        hint="sev:1,2 status:open owner:@me due:<30m overdue customer:Acme product:HyperIP sort:due",
        suggester=QuerySuggester(work.app.facts.choices),
    )


async def go(work: Work) -> None:
    work.screen.prompt.ask("go", "#", hint="number of a ticket")


async def command(work: Work) -> None:
    names = [verb.id for verb in VERBS]
    work.screen.prompt.ask("command", ":", hint="a verb by its name", suggester=SuggestFromList(names))


async def keys(work: Work) -> None:
    from supporttui.console.dialogs.keys import Keys

    app = work.app
    dialog = app.dialog(Keys).prepare(app.shift.keymap, work.screen.situation(), ascii=app.ink.ascii)
    chosen = await work.ask(dialog)
    if chosen is not None:
        app.call_later(app.perform, BY_ID[chosen])


async def messages(work: Work) -> None:
    from supporttui.console.dialogs.messages import Messages

    app = work.app
    await work.ask(app.dialog(Messages).prepare(tuple(app.shift.said), app.shift.setting))


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
        _command(work, text)


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
    screen, app = work.screen, work.app
    question = Question(text or "everything", text)
    try:
        question.resolved(app.shift.now(), app.shift.setting.actor, app.policy, app.zone)
    except QueryError as error:
        screen.prompt.complain(str(error), error.column)
        return
    screen.view = -1
    move.show(app, question)
    _done(work)


def _go(work: Work, text: str) -> None:
    digits = text.lstrip("#").strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        work.screen.prompt.complain("a number, such as 1042")
        return
    work.app.run_worker(_find_number(work, int(digits)), group="go")


async def _find_number(work: Work, number: int) -> None:
    screen = work.screen
    if screen.queue.list.go_to(number):
        _done(work)
        screen.focus_pane("queue")
        return
    try:
        await work.app.link.run(lambda desk: look.ticket(desk, number, journal_limit=1))
    except NotFound as error:
        screen.prompt.complain(str(error))
        return
    _done(work)
    show_number(work, number)


def show_number(work: Work, number: int) -> None:
    """Open a ticket that the list may not hold, over the whole body."""
    work.screen.asked_for = number
    work.screen.zoom("detail")
    work.screen.focus_pane("detail")
    work.app.reader.want_detail()


def _command(work: Work, text: str) -> None:
    words = text.split()
    found = matching(words[0]) if words else []
    verb = BY_ID.get(words[0]) if words else None
    verb = verb or (found[0] if len(found) == 1 else None)
    if len(words) > 1 and (verb is not None or not found):
        work.screen.prompt.complain(f"a verb takes no argument here, so nothing after “{words[0]}”")
        return
    if verb is None:
        near = f": {', '.join(one.id for one in found[:5])}?" if found else "; ? shows all"
        work.screen.prompt.complain(f"no verb “{text}”{near}")
        return
    _done(work)
    work.app.call_later(work.app.perform, verb)

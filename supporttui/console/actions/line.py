"""The `:` line: opens it with what is known, and runs what was written.

What it completes comes from memory; names and tags are read beside it and are
there a moment later, because no key waits for the store.
"""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.widgets.line_suggester import LineSuggester
from supporttui.console.work import Work
from supporttui.desk import look
from supporttui.desk.query import complete as complete_query
from supporttui.desk.session import Desk
from supporttui.verbs.line import ENDINGS, Completion, LineError, Word, complete, parse
from supporttui.verbs.registry import Verb

PEOPLE, TAGS = 200, 300
ENDING_NOTES = {"resolve": "it is solved", "close": "it is over", "reopen": "it is work again"}


async def command(work: Work) -> None:
    screen, app = work.screen, work.app
    words = known(work)
    history = await app.history.lines()

    def completions(text: str) -> Sequence[Completion]:
        return complete(text, verbs(work), words, query=lambda part: _queries(work, part))

    screen.prompt.ask(
        "command",
        ":",
        hint="a verb by its name: severity 2, assign raj, go 1042; Tab completes, ↑ the line before",
        suggester=LineSuggester(completions),
        completions=completions,
        history=history,
    )
    app.run_worker(_read_words(work, words), group="words", exclusive=True)


def verbs(work: Work) -> Sequence[Verb]:
    """All that can be run here: the registry's and one's own."""
    return work.app.shift.keymap.verbs


def known(work: Work) -> dict[str, Sequence[Word]]:
    """The words of every kind that are in memory."""
    screen, facts = work.screen, work.app.facts
    rows = screen.queue.list.held.rows
    return {
        "severity": [Word(str(number), name) for number, name in facts.severities.items()],
        "status": [Word(name) for name in facts.choices.get("status", ())],
        "view": [Word(view.name, view.query) for view in screen.views],
        "theme": [Word(name) for name in work.app.wardrobe.names],
        "ending": [Word(name, ENDING_NOTES[name]) for name in ENDINGS],
        "number": [Word(str(number), row.subject) for number, row in rows.items()],
        "person": [Word(work.app.shift.setting.actor)],
        "tags": [],
    }


async def _read_words(work: Work, words: dict[str, Sequence[Word]]) -> None:
    def read(desk: Desk) -> tuple[list[str], list[str]]:
        return look.suggest(desk, "owner", "", PEOPLE), look.suggest(desk, "tag", "", TAGS)

    found = await work.read(read)
    if found is not None:
        me = work.app.shift.setting.actor
        words["person"] = [Word(name) for name in dict.fromkeys((me, *found[0], "-"))]
        words["tags"] = [Word(name) for name in found[1]]


def _queries(work: Work, text: str) -> list[str]:
    found = complete_query(text, len(text), work.app.facts.choices)
    return [text[: one.start] + one.text for one in found]


def entered(work: Work, text: str) -> None:
    """Enter: run it, or stay and say where it is wrong."""
    screen, app = work.screen, work.app
    try:
        call = parse(text, verbs(work), known(work))
    except LineError as error:
        screen.prompt.complain(str(error), error.column)
        return
    screen.prompt.close()
    screen.focus_pane(screen.active)
    app.run_worker(app.history.add(text), group="history")
    app.call_later(app.perform, call.verb, call.argument)

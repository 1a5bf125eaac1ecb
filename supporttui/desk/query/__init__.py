"""The query language that console, command line and views share.

    criterion, sort = resolve(parse("sev:1,2 due:<30m"), now=clock.now(), me="ana", zone=zone)

`words.help_text()` documents it for users; the tree prints itself with `to_text`.
"""

from typing import TYPE_CHECKING, Any

from supporttui.desk.query.parser import parse
from supporttui.desk.query.resolve import resolve
from supporttui.desk.query.tree import Query, quoted, to_text, value_text, word_text
from supporttui.desk.query.words import help_text

if TYPE_CHECKING:
    from supporttui.desk.query.completion import Completion, complete

__all__ = [
    "Completion",
    "Query",
    "complete",
    "help_text",
    "parse",
    "quoted",
    "resolve",
    "to_text",
    "value_text",
    "word_text",
]


def __getattr__(name: str) -> Any:
    """Completion is for the console; a list on the command line does without loading it."""
    if name not in ("Completion", "complete"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("supporttui.desk.query.completion"), name)

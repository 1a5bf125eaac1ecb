"""The query language that console, command line and views share.

    criterion, sort = resolve(parse("sev:1,2 due:<30m"), now=clock.now(), me="ana", zone=zone)

`words.help_text()` documents it for users; the tree prints itself with `to_text`.
"""

from supporttui.desk.query.complete import Completion, complete
from supporttui.desk.query.parser import parse
from supporttui.desk.query.resolve import resolve
from supporttui.desk.query.tree import Query, quoted, to_text, value_text, word_text
from supporttui.desk.query.words import help_text

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

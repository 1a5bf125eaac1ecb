"""Which function does which verb, found when the verb is first run.

Every verb of the registry has a line here, or one among the moves; a test
imports each of them.  Nothing named here is imported before its key is
pressed: dialogs and screens are no part of the console's start.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module

from supporttui.console.work import Work

Action = Callable[[Work], Awaitable[None]]

# verb id → "module:function"; the module is one of this package, or one with its full name.
ACTIONS: dict[str, str] = {
    "acknowledge": "change:acknowledge",
    "severity": "change:severity",
    "status": "change:status",
    "take": "change:take",
    "assign": "change:assign",
    "tag": "change:tag",
    "escalate": "change:escalate",
    "close": "change:close_ticket",
    "undo": "change:undo",
    "redo": "change:redo",
    "reply": "write:reply",
    "note": "write:note",
    "report": "write:report",
    "find": "find:find",
    "query": "find:query",
    "go": "find:go",
    "command": "find:command",
    "help": "find:keys",
    "messages": "find:messages",
}


def action(verb_id: str) -> Action:
    """The coroutine function that does a verb.  Errors: KeyError for a verb that has none."""
    module, _, name = ACTIONS[verb_id].partition(":")
    where = module if "." in module else f"{__package__}.{module}"
    found: Action = getattr(import_module(where), name)
    return found

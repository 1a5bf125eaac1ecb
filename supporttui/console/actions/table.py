"""Which function does which verb, found when the verb is first run.

Every verb of the registry has a line in `ACTIONS`, or one among the moves; a
test imports each of them.  Nothing named here is imported before its key is
pressed: dialogs and screens are no part of the console's start.

A verb that takes an argument on the `:` line, or that `.` can do again, has a
line in `ANSWERED` too: the function that does it with its question answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import Any

from supporttui.console.work import Target, Work

Action = Callable[[Work], Awaitable[None]]
Answered = Callable[[Work, Sequence[Target], str], Awaitable[bool]]

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
    "call": "call:call",
    "answer": "call:answer",
    "files": "files:show",
    "attach": "files:attach",
    "people": "people:people",
    "report": "report:report",
    "edit": "edit:edit",
    "drafts": "drafts:drafts",
    "log-time": "worked:log_time",
    "timer": "worked:timer",
    "snooze": "aside:snooze",
    "merge": "relate:merge",
    "link": "relate:link",
    "repeat": "repeat:repeat",
    "mark-all": "marks:mark_all",
    "find": "find:find",
    "query": "find:query",
    "view": "find:view",
    "go": "find:go",
    "command": "line:command",
    "palette": "palette:palette",
    "commands": "own:commands",
    "help": "find:keys",
    "messages": "find:messages",
    "tour": "supporttui.console.tour:begin",
    "copy": "terminal:copy",
    "theme": "terminal:theme",
    "alarm": "terminal:alarm",
    "wall": "screens:wall",
    "handover": "screens:show_handover",
    "notices": "notices:notices",
    "inbox": "inbox:show_inbox",
    "renewals": "renewals:renewals",
    "customers": "customers:look_up",
    "products": "customers:products",
    "why": "why:why",
    "known-errors": "known_errors:of_ticket",
    "known": "known_errors:of_all",
    "save-view": "views:save_view",
    "drop-view": "views:drop_view",
}


# verb id → "module:function" of (work, targets, argument) → whether something was done.
ANSWERED: dict[str, str] = {
    "acknowledge": "change:acknowledge_until",
    "severity": "change:set_severity",
    "status": "change:set_status",
    "take": "change:take_it",
    "assign": "change:give_to",
    "tag": "change:set_tags",
    "close": "change:end_as",
    "log-time": "worked:log_as",
    "timer": "worked:timer_as",
    "snooze": "aside:snooze_until",
    "merge": "relate:merge_into",
    "link": "relate:link_to",
    "find": "find:narrow_to",
    "query": "find:show_query",
    "go": "find:go_to",
    "view": "find:show_view",
    "attach": "files:attach_named",
    "people": "people:set_people",
    "copy": "terminal:copy_as",
    "theme": "terminal:theme_as",
    "alarm": "terminal:alarm_as",
}


def action(verb_id: str) -> Action:
    """The coroutine function that does a verb.  Errors: KeyError for a verb that has none."""
    found: Action = _resolved(ACTIONS[verb_id])
    return found


def answered(verb_id: str) -> Answered:
    """The coroutine function that does a verb with an argument.  Errors: KeyError when it takes none."""
    found: Answered = _resolved(ANSWERED[verb_id])
    return found


def _resolved(line: str) -> Any:
    module, _, name = line.partition(":")
    where = module if "." in module else f"{__package__}.{module}"
    return getattr(import_module(where), name)

"""Which function does which verb.  Every verb of the registry has one, here or among the moves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from supporttui.console.work import Work

from . import change, find, write

Action = Callable[[Work], Awaitable[None]]

ACTIONS: dict[str, Action] = {
    "acknowledge": change.acknowledge,
    "severity": change.severity,
    "status": change.status,
    "take": change.take,
    "assign": change.assign,
    "tag": change.tag,
    "escalate": change.escalate,
    "close": change.close_ticket,
    "undo": change.undo,
    "redo": change.redo,
    "reply": write.reply,
    "note": write.note,
    "report": write.report,
    "find": find.find,
    "query": find.query,
    "go": find.go,
    "command": find.command,
    "help": find.keys,
    "messages": find.messages,
}

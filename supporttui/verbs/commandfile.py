"""`commands.toml`: commands of one's own, and everything that is wrong with them, one line each.

A command is an argument list that is run as it stands; there is no shell, and
no word of a ticket is ever put into it (tickets come by the environment).  A
command with a fault is left out, the others work; a key that is taken is lost,
its command still has its name.  Nothing here raises because of what the file
holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from supporttui.config import config_folder, nearest
from supporttui.errors import UsageError

from .keyfile import canonical, decoded, eaten
from .keymap import Keymap
from .registry import BY_ID, OWN, Verb

FILE = "commands.toml"
MOST_COMMANDS = 100
MOST_SECONDS = 3600
SECONDS = 30
LONGEST_TITLE = 40
NAME = re.compile(r"[a-z][a-z0-9-]{0,23}")
CONTEXTS = ("ticket", "desk")
OUTPUTS = ("pager", "notice", "none")
FIELDS = ("name", "title", "argv", "key", "context", "confirm", "output", "timeout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command.

    argv: program and arguments, handed over as they are.  key: "" for none.
    context: "ticket" needs one under the cursor, "desk" doesn't.  confirm: asks
    first.  output: where it is shown.  timeout: seconds after which it is ended.
    """

    name: str
    title: str
    argv: tuple[str, ...]
    key: str = ""
    context: str = "ticket"
    confirm: bool = False
    output: str = "pager"
    timeout: int = SECONDS

    @property
    def verb(self) -> Verb:
        """As the console knows it: with a key, on the `:` line, in the palette and on the `?` page."""
        return Verb(
            id=self.name,
            title=self.title,
            help=f"runs {' '.join(self.argv)}",
            keys=(self.key,) if self.key else (),
            group=OWN,
            context="ticket" if self.context == "ticket" else "anywhere",
            alone=self.context == "ticket",
        )


class Fault(NamedTuple):
    """One thing to mend.  place: "command 2, open-dump", "" for the file as a whole."""

    place: str
    message: str


class CommandFile(NamedTuple):
    """What a file gave: the commands that can be run, and what is wrong with the rest."""

    path: Path
    commands: tuple[Command, ...] = ()
    faults: tuple[Fault, ...] = ()

    def lines(self) -> list[str]:
        """One line for each fault: file, command, what is wrong."""
        return [": ".join(part for part in (str(self.path), *fault) if part) for fault in self.faults]


def command_file(environ: Mapping[str, str]) -> Path:
    """Where the commands are kept; need not exist."""
    return config_folder(environ) / FILE


def read(path: Path, keymap: Keymap, *, prefix: str = "") -> CommandFile:
    """The file's commands; keymap: the keys that the console's own verbs have.

    prefix: the key that the user's own tmux waits for, as `canonical` writes it.
    """
    try:
        given = decoded(path)
        tables = _tables(given)
    except UsageError as error:
        return CommandFile(path, (), (Fault("", str(error)),))
    found: dict[str, Command] = {}
    faults: list[Fault] = []
    for at, table in enumerate(tables, 1):
        place = _place(at, table)
        try:
            command = _command(table, found, prefix)
        except UsageError as error:
            faults.append(Fault(place, str(error)))
            continue
        why = _key_taken(command, keymap, found.values())
        if why:
            faults.append(Fault(place, why))
            command = _without_key(command)
        found[command.name] = command
    return CommandFile(path, tuple(found.values()), tuple(faults))


def with_commands(keymap: Keymap, commands: Sequence[Command]) -> Keymap:
    """The keymap with the commands as verbs of it."""
    return keymap.extended([command.verb for command in commands]) if commands else keymap


def _tables(given: Mapping[str, Any]) -> list[Any]:
    unknown = next((name for name in given if name != "command"), None)
    if unknown is not None:
        raise UsageError(f"there is nothing called {_shown(unknown)} here; commands begin with [[command]]")
    tables = given.get("command", [])
    if not isinstance(tables, list):
        raise UsageError("a command begins with [[command]], in two brackets")
    if len(tables) > MOST_COMMANDS:
        raise UsageError(f"more than {MOST_COMMANDS} commands")
    return tables


def _place(at: int, table: Any) -> str:
    name = table.get("name") if isinstance(table, dict) else None
    return f"command {at}, {name}" if isinstance(name, str) and NAME.fullmatch(name) else f"command {at}"


def _command(table: Any, others: Mapping[str, Command], prefix: str) -> Command:
    """One command.  Errors: UsageError without its place."""
    if not isinstance(table, dict):
        raise UsageError("must be a table: [[command]]")
    for field in table:
        if field not in FIELDS:
            raise UsageError(f"there is no setting {_shown(field)}{nearest(field, FIELDS)}")
    name = _name(table.get("name"), others)
    key = _text(table, "key", "")
    return Command(
        name=name,
        title=_title(_text(table, "title", name)),
        argv=_argv(table.get("argv")),
        key=_canonical(key, prefix) if key else "",
        context=_one_of(table, "context", CONTEXTS),
        confirm=_switch(table, "confirm"),
        output=_one_of(table, "output", OUTPUTS),
        timeout=_seconds(table),
    )


def _name(name: Any, others: Mapping[str, Command]) -> str:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise UsageError("name: must be a small word, such as open-dump")
    if name in BY_ID:
        raise UsageError(f"name: {name!r} is a verb of the console already")
    if name in others:
        raise UsageError(f"name: {name!r} is there twice")
    return name


def _argv(argv: Any) -> tuple[str, ...]:
    if not isinstance(argv, list) or not argv or not all(isinstance(word, str) for word in argv):
        raise UsageError(
            'argv: must be the program and its arguments, such as ["ping", "-c", "3", "acme.example"]'
        )
    if not argv[0].strip():
        raise UsageError("argv: names no program")
    if any("\0" in word for word in argv):
        raise UsageError("argv: holds a NUL, which no program can be given")
    return tuple(argv)


def _canonical(key: str, prefix: str) -> str:
    try:
        found = canonical(key)
    except UsageError as error:
        raise UsageError(f"key: {error}") from None
    if why := eaten(found, prefix):
        raise UsageError(f"key: {found} doesn't arrive: {why}")
    return found


def _key_taken(command: Command, keymap: Keymap, others: Any) -> str:
    if not command.key:
        return ""
    verb = keymap.verb(command.key)
    owner = verb.id if verb else next((one.name for one in others if one.key == command.key), "")
    return f"key: {command.key!r} is on {owner}; the command goes without" if owner else ""


def _without_key(command: Command) -> Command:
    from dataclasses import replace

    return replace(command, key="")


def _text(table: Mapping[str, Any], field: str, default: str) -> str:
    value = table.get(field, default)
    if not isinstance(value, str):
        raise UsageError(f"{field}: must be text")
    return value


def _title(title: str) -> str:
    title = title.strip()
    if not title or not title.isprintable() or len(title) > LONGEST_TITLE:
        raise UsageError(f"title: must be 1 to {LONGEST_TITLE} printable characters")
    return title


def _one_of(table: Mapping[str, Any], field: str, words: Sequence[str]) -> str:
    value = table.get(field, words[0])
    if value not in words:
        raise UsageError(f"{field}: must be {', '.join(words[:-1])} or {words[-1]}")
    return str(value)


def _switch(table: Mapping[str, Any], field: str) -> bool:
    value = table.get(field, False)
    if not isinstance(value, bool):
        raise UsageError(f"{field}: must be true or false")
    return value


def _seconds(table: Mapping[str, Any]) -> int:
    value = table.get("timeout", SECONDS)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_SECONDS:
        raise UsageError(f"timeout: must be 1 to {MOST_SECONDS} seconds")
    return value


def _shown(word: str) -> str:
    return repr(word) if len(word) <= 40 else repr(word[:40]) + "…"

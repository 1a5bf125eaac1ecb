"""`keys.toml`: which keys a user gave to which verbs, and everything that is wrong with that, one line each.

A file with a fault changes nothing: half of somebody's keys would be worse than
the defaults, which the `?` page and the README agree on.  Nothing here raises
because of what the file holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from supporttui.config import config_folder, nearest
from supporttui.errors import UsageError

from .keymap import ASCII_NAMES, NAMES, Keymap
from .registry import BY_ID, UNRELIABLE, VERBS

FILE = "keys.toml"
MOST_BYTES = 1_000_000
ARROWS = ("up", "down", "left", "right")
NAMED = (
    *ARROWS, "home", "end", "pageup", "pagedown", "insert", "delete", "backspace", "tab", "enter",
    "space", *(f"f{number}" for number in range(1, 13)),
)  # fmt: skip
# With Shift or Ctrl these are keys of their own; Ctrl-Enter and the like arrive as the plain key.
SHIFTED = frozenset(NAMED) - {"backspace", "tab", "enter", "space"}
WRITTEN = {shown.casefold(): name for names in (NAMES, ASCII_NAMES) for name, shown in names.items()} | {
    "del": "delete",
    "ins": "insert",
    "return": "enter",
    "esc": "escape",
    "left": "left",
    "right": "right",
}
EATEN = {
    "ctrl+b": "tmux takes it as its prefix",
    "ctrl+a": "screen takes it as its prefix",
    "ctrl+s": "flow control takes it to stop the output",
    "ctrl+q": "flow control takes it to go on with the output",
    "ctrl+c": "terminals take it to interrupt",
    "ctrl+z": "terminals take it to suspend",
    "ctrl+h": "terminals send it for Backspace",
    "ctrl+i": "terminals send it for Tab",
    "ctrl+j": "terminals send it for Enter",
    "ctrl+m": "terminals send it for Enter",
}


class Fault(NamedTuple):
    """One thing to mend.  verb: its id as the file has it, "" for the file as a whole."""

    verb: str
    message: str


class KeyFile(NamedTuple):
    """What a file gave.  changes: verb id → its keys; faults: empty when all of it can be used."""

    path: Path
    changes: dict[str, tuple[str, ...]]
    faults: tuple[Fault, ...]

    def lines(self) -> list[str]:
        """One line for each fault: file, verb, what is wrong."""
        return [": ".join(part for part in (str(self.path), *fault) if part) for fault in self.faults]

    def keymap(self) -> Keymap:
        """The keys in force: the file's, or the defaults when anything is wrong with it."""
        return Keymap() if self.faults else Keymap(self.changes)


def key_file(environ: Mapping[str, str]) -> Path:
    """Where the keys are kept; need not exist."""
    return config_folder(environ) / FILE


def read(path: Path, *, prefix: str = "") -> KeyFile:
    """The file's keys and faults; no file is no changes.

    prefix: the key that the user's own tmux waits for, as `canonical` writes it.
    """
    try:
        given = decoded(path)
    except UsageError as error:
        return KeyFile(path, {}, (Fault("", str(error)),))
    changes: dict[str, tuple[str, ...]] = {}
    faults: list[Fault] = []
    for verb_id, value in given.items():
        try:
            changes[verb_id] = _keys(verb_id, value, prefix)
        except UsageError as error:
            faults.append(Fault(verb_id if verb_id.isprintable() else repr(verb_id), str(error)))
    faults += _clashes(changes)
    if not faults:
        faults += _refused(changes)
    return KeyFile(path, changes, tuple(faults))


def canonical(word: str) -> str:
    """A key as the keymap has it: "PgDn" is "pagedown", "C-x" is "ctrl+x".  Errors: UsageError."""
    if len(word) == 1 and word.isprintable() and word != " " and word not in WRITTEN:
        return word
    modifiers, base = _taken_apart(word)
    if base == "escape":
        raise UsageError("Esc always leaves, no verb can have it")
    if "alt" in modifiers:
        raise UsageError(f"{word!r} can't be told from Esc and a key after it; take another one")
    name = "+".join((*modifiers, base))
    if base in NAMED and (not modifiers or name == "shift+tab"):
        return name
    if base in SHIFTED and modifiers in (["ctrl"], ["shift"]):
        return name
    if modifiers == ["ctrl"] and re.fullmatch("[a-z]", base):
        return name
    if modifiers == ["shift"] and len(base) == 1:
        raise UsageError(f"{word!r} is written as what it types, such as {base.upper()!r}")
    raise UsageError(f"{word!r} is no key{nearest(word.casefold(), (*NAMED, *WRITTEN))}")


def _taken_apart(word: str) -> tuple[list[str], str]:
    """The modifiers and the key itself, from "ctrl+x", "Shift-Tab" or "C-x"."""
    short = {"c": "ctrl", "m": "alt", "s": "shift", "meta": "alt", "control": "ctrl"}
    *before, base = re.split(r"[+-](?=.)", word.casefold())
    return [short.get(one, one) for one in before], WRITTEN.get(base, base)


def decoded(path: Path) -> dict[str, Any]:
    """What a file of settings holds; {} for no file.  Errors: UsageError without its name."""
    import tomllib

    try:
        if not path.exists():
            return {}
        if not path.is_file():
            raise UsageError("not a file")
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise UsageError("too large for a file of settings")
        return tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"byte {error.start + 1} is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not TOML: {error}".splitlines()[0]) from None


def _keys(verb_id: str, value: Any, prefix: str) -> tuple[str, ...]:
    """The keys of one line of the file.  Errors: UsageError without the verb's name."""
    if verb_id not in BY_ID:
        raise UsageError(f"there is no such verb{nearest(verb_id, BY_ID)}")
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise UsageError('must be a key or a list of keys, such as "A" or ["A", "f5"]')
    keys = tuple(dict.fromkeys(canonical(word) for word in words))
    if verb_id == "quit" and not keys:
        raise UsageError("needs a key, or nobody gets out")
    for key in keys:
        if why := eaten(key, prefix):
            raise UsageError(f"{key} doesn't arrive: {why}")
    return keys


def eaten(key: str, prefix: str = "") -> str:
    """Who keeps the key for itself, "" for nobody."""
    if prefix and key == prefix:
        return "your tmux has it as its prefix"
    return EATEN.get(key, "terminals or tmux keep it for themselves") if key in UNRELIABLE else ""


def _clashes(changes: Mapping[str, tuple[str, ...]]) -> list[Fault]:
    """One fault for each key that two verbs claim, at a verb that the file names."""
    owners: dict[str, list[str]] = {}
    for verb in VERBS:
        for key in changes.get(verb.id, verb.keys):
            owners.setdefault(key, []).append(verb.id)
    faults = []
    for key, verbs in owners.items():
        for other in verbs[1:]:
            mine, theirs = (other, verbs[0]) if other in changes else (verbs[0], other)
            whose = "too" if theirs in changes else "by default; move that one as well"
            faults.append(Fault(mine, f"{key!r} is on {theirs} {whose}"))
    return faults


def _refused(changes: Mapping[str, tuple[str, ...]]) -> list[Fault]:
    """What the keymap itself has against them; it has the last word."""
    try:
        Keymap(changes)
    except UsageError as error:
        return [Fault("", str(error))]
    return []

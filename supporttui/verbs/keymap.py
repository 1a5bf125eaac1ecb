"""From a key to a verb.  The map is made from the registry; a key can mean one thing only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from supporttui.errors import UsageError

from .registry import UNRELIABLE, VERBS, Verb, matching

NAMES = {
    "space": "Space",
    "enter": "Enter",
    "tab": "Tab",
    "shift+tab": "Shift-Tab",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "insert": "Ins",
    "delete": "Del",
}
ASCII_NAMES = {**NAMES, "up": "Up", "down": "Down"}


class Keymap:
    """Keys of one console: the defaults of the registry with a user's changes.

    changes: verb id → keys that replace its own.  verbs: all there are, the
    registry's and one's own commands.  Errors: UsageError for an
    unknown verb, a key that two verbs claim, or one that never arrives.
    """

    def __init__(
        self, changes: Mapping[str, Iterable[str]] | None = None, verbs: Iterable[Verb] = VERBS
    ) -> None:
        self.verbs = tuple(verbs)
        self._by_id = {verb.id: verb for verb in self.verbs}
        self._verbs: dict[str, Verb] = {}
        self._keys: dict[str, tuple[str, ...]] = {verb.id: verb.keys for verb in self.verbs}
        for verb_id, keys in (changes or {}).items():
            if verb_id not in self._keys:
                raise UsageError(f"keys: there is no verb {verb_id!r}")
            self._keys[verb_id] = tuple(keys)
        for verb_id, keys in self._keys.items():
            for key in keys:
                self._claim(key, self._by_id[verb_id])

    def _claim(self, key: str, verb: Verb) -> None:
        if key in UNRELIABLE:
            raise UsageError(f"keys: {verb.id} can't be on {key}, terminals and tmux keep it for themselves")
        other = self._verbs.setdefault(key, verb)
        if other is not verb:
            raise UsageError(f"keys: {key!r} is claimed by {other.id} and by {verb.id}")

    def extended(self, verbs: Iterable[Verb]) -> Keymap:
        """This keymap with more verbs, which have their own keys.  Errors: UsageError, as above."""
        return Keymap(self._keys, (*self.verbs, *verbs))

    def without(self, verb_id: str) -> Keymap:
        """This keymap without a verb that there isn't at this console."""
        keys = {name: keys for name, keys in self._keys.items() if name != verb_id}
        return Keymap(keys, (verb for verb in self.verbs if verb.id != verb_id))

    def verb(self, key: str) -> Verb | None:
        """What the key means, None for nothing."""
        return self._verbs.get(key)

    def by_id(self, verb_id: str) -> Verb:
        """The verb of this name, one's own commands among them.  Errors: KeyError."""
        return self._by_id[verb_id]

    def keys(self, verb: Verb) -> tuple[str, ...]:
        return self._keys.get(verb.id, ())

    def written(self, verb: Verb, *, ascii: bool = False) -> tuple[str, ...]:
        """All of the verb's keys as people write them."""
        return tuple(key_name(key, ascii=ascii) for key in self.keys(verb))

    def matching(self, words: str, *, ascii: bool = False) -> list[Verb]:
        """The verbs that words or a key find, by the keys in force."""
        return matching(words, self.verbs, lambda verb: self.written(verb, ascii=ascii))

    def shown(self, verb: Verb, *, ascii: bool = False) -> str:
        """The verb's first key as people write it: "a", "Enter", "↓"; "" when it has none."""
        keys = self.keys(verb)
        return key_name(keys[0], ascii=ascii) if keys else ""


def key_name(key: str, *, ascii: bool = False) -> str:
    """A key as people write it: "Esc", "F5", "Ctrl-P", "Shift-F1"; what prints is itself."""
    names = ASCII_NAMES if ascii else NAMES
    if key in names or len(key) == 1:
        return names.get(key, key)
    *modifiers, base = key.split("+")
    if modifiers and len(base) == 1:
        base = base.upper()
    return "-".join([*(one.title() for one in modifiers), names.get(base) or base[:1].upper() + base[1:]])

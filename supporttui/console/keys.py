"""What key an event is, in the words of the registry, and how far it moves in a menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from textual import events

from supporttui.verbs.keymap import Keymap

if TYPE_CHECKING:
    from textual.app import App

# What always moves, whatever keys.toml says: nobody should be caught in a menu.
FIXED = {
    "down": "down",
    "up": "up",
    "pagedown": "page-down",
    "pageup": "page-up",
    "home": "first",
    "end": "last",
}
_DEFAULT = Keymap()


class Step(NamedTuple):
    """How a key moves: by rows, by pages, or to an end (-1 first, 1 last); the others are 0."""

    rows: int = 0
    pages: int = 0
    end: int = 0


STEPS = {
    "down": Step(rows=1),
    "up": Step(rows=-1),
    "page-down": Step(pages=1),
    "page-up": Step(pages=-1),
    "first": Step(end=-1),
    "last": Step(end=1),
}


def key_of(event: events.Key) -> str:
    """ "a", "A", "#" for what prints, else Textual's name ("enter", "shift+tab")."""
    character = event.character
    if character and character.isprintable() and character != " ":
        return character
    return event.key


def verb_of(app: App[Any], event: events.Key) -> str:
    """The id of the verb that a key means in the keymap in force, "" for none."""
    shift = getattr(app, "shift", None)
    keymap = shift.keymap if shift is not None else _DEFAULT
    verb = keymap.verb(key_of(event))
    return verb.id if verb else ""


def step_of(app: App[Any], event: events.Key, *, letters: bool = True) -> Step | None:
    """How a key moves in a list, None when it doesn't.  letters: whether keys that print move too."""
    if event.key in FIXED:
        return STEPS[FIXED[event.key]]
    if event.is_printable and not letters:
        return None
    return STEPS.get(verb_of(app, event))

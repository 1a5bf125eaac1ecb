"""What key an event is, in the words of the registry."""

from __future__ import annotations

from textual import events


def key_of(event: events.Key) -> str:
    """ "a", "A", "#" for what prints, else Textual's name ("enter", "shift+tab")."""
    character = event.character
    if character and character.isprintable() and character != " ":
        return character
    return event.key

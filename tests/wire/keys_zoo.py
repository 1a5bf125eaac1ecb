"""An app that shows each key and paste it gets; `python -m tests.wire.keys_zoo [--bare]`, `--bare`: Textual's own driver."""

from __future__ import annotations

import sys

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from supporttui.console.keyboard import Keyboard


class Zoo(App[int]):
    def __init__(self) -> None:
        super().__init__(driver_class=None if "--bare" in sys.argv else Keyboard)
        self.seen: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("zoo is open", markup=False)

    def on_key(self, event: events.Key) -> None:
        self.show(f"<{event.key}>")

    def on_paste(self, event: events.Paste) -> None:
        self.show(f"paste {len(event.text)} {event.text[:60]!a}")

    def show(self, what: str) -> None:
        self.seen.append(what)
        self.query_one(Static).update(" ".join(self.seen) + " .")
        if what == "<Q>":
            self.exit(4)


if __name__ == "__main__":
    app = Zoo()
    app.run(mouse=False)
    sys.exit(app.return_value or app.return_code)

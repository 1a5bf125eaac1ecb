"""A Textual app that shows one hostile text in every kind of widget, with or without the walls.

Usage: python -m tests.wire.walls_zoo NAME [--bare] [--ascii]      NAME of a payload

It carries the text raw, as careless code would, past the first wall: what is
tested is the second.  It quits on "q" and opens a link on "o".
"""

from __future__ import annotations

import sys
from typing import Any

from rich.text import Text
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import (
    Button,
    Checkbox,
    Collapsible,
    DataTable,
    Header,
    Input,
    Label,
    Log,
    OptionList,
    RichLog,
    Rule,
    Select,
    Sparkline,
    Static,
    TabbedContent,
    TabPane,
    TextArea,
    Tree,
)  # fmt: skip

from supporttui.console.thrifty import Thrifty
from supporttui.console.walls import Walled
from tests.wire.hostile import STORABLE


class Zoo(App[int]):
    ENABLE_COMMAND_PALETTE = False
    CSS = "Static, Label { height: auto; } DataTable, Log, RichLog, TextArea, Tree { height: 3; }"
    BINDINGS = [("q", "quit_now", "quit"), ("o", "link", "link")]  # noqa: RUF012

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        text = self.text
        content = Content(text)
        yield Header()
        with VerticalScroll():
            yield Static("zoo is open")
            yield Static(text, markup=False)
            yield Static(content)
            yield Static(Text(text))
            yield Label(Content.styled("a link", Style(link=f"https://x.example/{text}")))
            yield Label(
                Text("a rich link", style=f"link https://x.example/{text.split()[0] if text.split() else ''}")
            )
            framed = Static("framed")
            framed.styles.border = ("round", "red")
            framed.border_title = content
            framed.border_subtitle = content
            yield framed
            yield Input(value=text, placeholder=text)
            yield TextArea(text)
            yield Button(content)
            yield Checkbox(content)
            yield OptionList(content)
            yield Select([(Text(text.split("\n")[0]), 1)], value=1)
            yield DataTable[Any]()
            yield Tree(Text(text))
            yield Log()
            yield RichLog()
            yield Collapsible(title="x")
            yield Sparkline([1, 2])
            yield Rule()
            with TabbedContent(), TabPane(content):
                yield Static("tab")

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.title = self.sub_title = self.text
        table = self.query_one(DataTable)
        table.add_column(Text(self.text))
        table.add_row(Text(self.text), label=Text(self.text))
        self.query_one(Log).write_line(self.text)
        self.query_one(RichLog).write(Text(self.text))
        self.query_one(Tree).root.add_leaf(Text(self.text))
        self.notify(self.text, title=self.text, markup=False, timeout=60)
        self.query_one(Static).tooltip = Content(self.text)
        self.call_after_refresh(self.query_one(DataTable).focus)

    def action_quit_now(self) -> None:
        self.exit(4)

    def action_link(self) -> None:
        self.open_url("https://x.example/opened")
        self.notify("link done")


class WalledZoo(Walled, Thrifty, Zoo):
    ASCII_ONLY = "--ascii" in sys.argv


def main() -> None:
    bare = "--bare" in sys.argv
    text = STORABLE[sys.argv[1]]
    app: Any = (Zoo if bare else WalledZoo)(text)
    app.run()
    sys.exit(app.return_value or app.return_code)


if __name__ == "__main__":
    main()

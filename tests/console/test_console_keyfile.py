"""Keys of one's own: the remapped key acts, its old one doesn't, and footer and help show it."""

from __future__ import annotations

from pathlib import Path

from supporttui.demo.arrivals import mail_comes
from supporttui.desk import inbox
from supporttui.verbs.keyfile import read
from tests.console.driver import at_console, sev1


async def test_a_remapped_key_works_and_is_the_one_that_is_shown(tmp_path: Path):
    file = tmp_path / "keys.toml"
    file.write_text('acknowledge = "Q"\nrefresh = ["f5"]\nhelp = "f1"\n', encoding="utf-8")
    keymap = read(file).keymap()
    async with at_console(tmp_path, (sev1("system down"),), size=(120, 40), keymap=keymap) as desk:
        assert "Q acknowledge" in desk.footer and " a acknowledge" not in desk.footer
        before = desk.screen
        await desk.press("a", "R", "question_mark")
        assert desk.screen == before
        await desk.press("f1")
        await desk.type("acknowledge")
        line = next(line for line in desk.screen.split("\n") if "say that you have it" in line)
        assert " Q " in line
        await desk.press("escape", "Q")
        desk.sees("Acknowledge")
        await desk.press("enter")
        assert desk.ticket(1).version == 2


async def test_a_verb_without_a_key_leaves_the_footer_and_runs_by_its_name(tmp_path: Path):
    file = tmp_path / "keys.toml"
    file.write_text("acknowledge = []\n", encoding="utf-8")
    keymap = read(file).keymap()
    async with at_console(tmp_path, (sev1("system down"),), size=(80, 24), keymap=keymap) as desk:
        assert "acknowledge" not in desk.footer and "reply" in desk.footer
        await desk.press("a")
        assert desk.ticket(1).version == 1
        await desk.press("colon")
        await desk.type("acknowledge")
        await desk.press("enter")
        desk.sees("Acknowledge")


async def test_a_page_shows_the_moved_key_of_what_works_there_too(tmp_path: Path):
    file = tmp_path / "keys.toml"
    file.write_text('undo = "f6"\ninbox = "f7"\ncall = "f5"\n', encoding="utf-8")
    keymap = read(file).keymap()
    async with at_console(tmp_path, (sev1("system down"),), size=(120, 40), keymap=keymap) as desk:
        await desk.press("A")
        assert "F6 undo" in desk.footer and "u undo" not in desk.footer
        await desk.press("q", "Y")
        assert "F5 put the call on record" in desk.footer
        await desk.press("l")
        desk.sees("Status of 1")
        await desk.press("f5")
        desk.sees("A call about 1")
        await desk.press("escape", "I")
        desk.sees_not("Inbox")
        await desk.press("f7")
        desk.sees("Inbox: nothing waits")


async def test_a_key_that_leaves_or_moves_decides_nothing_on_a_page(tmp_path: Path):
    file = tmp_path / "keys.toml"
    file.write_text('quit = "x"\ndown = "a"\nseverity = "f6"\nacknowledge = "f7"\n', encoding="utf-8")
    keymap = read(file).keymap()
    async with at_console(tmp_path, (sev1("system down"),), size=(120, 40), keymap=keymap) as desk:
        for at in (1, 2):
            mail_comes(desk.colleague("mail"), f"sales{at}@bulk.example", "5000 leads", "Buy now.")
        await desk.press("I")
        first = desk.app.screen.item
        assert "reject" not in desk.footer and "x back" in desk.footer
        await desk.press("a")
        assert desk.app.screen.item not in (first, None)
        await desk.press("x")
        desk.sees_not("Inbox:")
        assert len(inbox.board(desk.colleague()).rows) == 2

"""What `y` sends to the terminal, and what it says of it."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from supporttui.terminal import osc
from tests.console.driver import Console, at_console, sev1, ticket

OSC52 = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x1b\\")


@pytest.fixture
def sent(desk: Console, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is sent to the terminal past the screen."""
    monkeypatch.delenv("TMUX", raising=False)
    out: list[str] = []
    monkeypatch.setattr(desk.app, "to_terminal", out.append)
    return out


def copied(sent: list[str]) -> str:
    """The text of the one thing that was sent."""
    (sequence,) = sent
    found = OSC52.fullmatch(sequence)
    assert found is not None, sequence
    return base64.b64decode(found[1]).decode()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("n", "4"),
        ("s", "NETEX crashes z/OS when starting"),
        ("l", "4 · 1 System down · new · Acme Corp · NETEX crashes z/OS when starting"),
    ],
)
async def test_a_letter_sends_one_thing(desk: Console, sent: list[str], key: str, text: str):
    desk.queue.cursor_on(4)
    await desk.press("y")
    desk.sees("Copy from 4", "not known", "whole ticket, as Markdown")
    await desk.press(key)
    assert copied(sent) == text
    desk.said("sent to the terminal", f"{len(text.encode()):,} byte")


async def test_what_is_not_known_can_not_be_sent(desk: Console, sent: list[str]):
    await desk.press("y", "p")
    desk.sees("Copy from 4")
    assert sent == []


async def test_the_query_of_the_list(desk: Console, sent: list[str]):
    await desk.press("y", "f")
    assert copied(sent) == "open -snoozed"


async def test_the_whole_ticket_is_markdown(desk: Console, sent: list[str]):
    await desk.press("y", "t")
    text = copied(sent)
    assert text.startswith("# 4 NETEX crashes z/OS when starting\n\n- Severity: 1 System down\n")
    assert "- Contact: J. Ortiz\n" in text and "(public)" in text
    desk.said("whole ticket, as Markdown of 4: sent to the terminal")


async def test_marks_send_all_their_numbers(desk: Console, sent: list[str]):
    await desk.press("space", "j", "space", "y")
    desk.sees("their numbers")
    await desk.press("n")
    numbers = copied(sent).split()
    assert len(numbers) == 2 and "4" in numbers


async def test_nothing_is_written_to_the_desk(desk: Console, sent: list[str]):
    before = len(desk.journal(4))
    await desk.press("y", "t")
    assert len(desk.journal(4)) == before and sent


async def test_hostile_text_is_sent_inert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TMUX", raising=False)
    hostile = "dump\x1b]2;x\x07 \u202etxt"
    async with at_console(tmp_path, [sev1(hostile, description="a\x1b[2J\n# heading\n\x07b")]) as desk:
        out: list[str] = []
        monkeypatch.setattr(desk.app, "to_terminal", out.append)
        await desk.press("y", "t")
        text = copied(out)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "\n> # heading\n" in text, "a stranger's heading is a quotation"


async def test_one_that_is_too_long_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TMUX", raising=False)
    long = "\n".join(f"line {number} ünd so weiter" for number in range(6_000))
    async with at_console(tmp_path, [ticket("long", description=long)]) as desk:
        out: list[str] = []
        monkeypatch.setattr(desk.app, "to_terminal", out.append)
        await desk.press("y", "t")
        text = copied(out)
        desk.said("too long, the first", "bytes sent to the terminal")
    assert len(text.encode()) <= osc.CLIPBOARD_LIMIT
    assert re.search(r"\n\(cut here: [\d,]+ of [\d,]+ bytes\)\n\Z", text)


async def test_restricted_mode_starts_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from supporttui.console.actions import terminal

    monkeypatch.setenv("TMUX", "/tmp/x,1,0")
    asked: list[str] = []
    monkeypatch.setattr(terminal.clipboard, "to_tmux", lambda text, _environ: asked.append(text) or "")
    for restricted in (True, False):
        folder = tmp_path / str(restricted)
        folder.mkdir(mode=0o700)
        async with at_console(folder, [sev1("down")], restricted=restricted) as desk:
            out: list[str] = []
            monkeypatch.setattr(desk.app, "to_terminal", out.append)
            await desk.press("y", "n")
            desk.said("number of 1: sent to the terminal, 1 byte")
            assert (len(out), len(asked)) == ((1, 0) if restricted else (0, 1))

"""Texts: canned replies, the analyst's own editor, what was said before, drafts that outlive everything."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.widgets import TextArea

from supporttui.console.dialogs.write import Write
from supporttui.console.editor import command
from supporttui.desk import change, write
from supporttui.errors import UsageError
from tests.console.driver import Console, at_console, sev1


@pytest.fixture
def size() -> tuple[int, int]:
    return (80, 24)


Script = Callable[[str], None]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Sets an editor that does some lines of Python to `text`, the file's."""

    def make(code: str) -> None:
        script = tmp_path / "an editor.py"
        script.write_text(
            "import sys, os\npath = sys.argv[-1]\ntext = open(path).read()\n"
            f"{code}\nopen(path, 'w').write(text)\n"
        )
        monkeypatch.setenv("VISUAL", f"'{sys.executable}' '{script}' --wait")

    return make


def text_of(desk: Console) -> str:
    return desk.app.screen.query_one("#text", TextArea).text


async def comes(desk: Console, *words: str) -> None:
    """Wait until an editor has ended and what follows it is on the screen."""
    limit = time.monotonic() + 10
    while not all(word in desk.screen for word in words) and time.monotonic() < limit:
        await desk.pilot.pause(0.02)
    await desk.settled()
    desk.sees(*words)


def templates_in(desk: Console, folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text)
    desk.app.template_folders = [("own", folder)]


# -- canned replies -----------------------------------------------------------------------------


async def test_a_canned_reply_goes_in_at_the_cursor_with_the_ticket_s_facts(desk: Console, tmp_path: Path):
    templates_in(desk, tmp_path / "t", hours="title: Our hours\n\n{contact}: {number}, {subject}.")
    await desk.press("r")
    await desk.type("ab")
    await desk.press("left", "ctrl+t")
    desk.sees("Put a canned reply in", "Our hours", "First answer")
    await desk.type("our hours")
    desk.sees("J. Ortiz: 4, NETEX crashes z/OS when starting.")
    desk.sees_not("First answer")
    await desk.press("enter")
    assert text_of(desk) == "aJ. Ortiz: 4, NETEX crashes z/OS when starting.b"


async def test_only_what_fits_the_text_is_offered(desk: Console, tmp_path: Path):
    templates_in(desk, tmp_path / "t", inside="kind: note\n\nseen", both="kind: note, reply\n\nseen")
    await desk.press("i", "ctrl+t")
    desk.sees("inside", "both")
    desk.sees_not("First answer")
    await desk.press("escape", "escape")
    await desk.press("r", "ctrl+t")
    desk.sees("both", "First answer")
    desk.sees_not("inside")
    await desk.type("zzz")
    desk.sees("no canned reply has these words")
    await desk.press("backspace", "backspace", "backspace")
    desk.sees_not("no canned reply has these words")


async def test_a_broken_file_is_told_with_its_place_and_the_others_are_offered(desk: Console, tmp_path: Path):
    templates_in(desk, tmp_path / "t", bad="Hello {contct}", good="Hello")
    await desk.press("r", "ctrl+t")
    desk.sees("bad.md:1:7: no placeholder {contct}; did you mean 'contact'?", "good")


async def test_marks_of_unknown_facts_are_asked_about_once(desk: Console, tmp_path: Path):
    templates_in(desk, tmp_path / "t", a="Hello, by {next_update}")
    await desk.press("r", "ctrl+t")
    await desk.type("a")
    await desk.press("enter")
    assert text_of(desk) == "Hello, by «next_update?»"
    await desk.press("ctrl+d", "enter")
    desk.sees("still in the text: «next_update?»", "Send again sends it so")
    assert len(desk.journal(4)) == 1
    await desk.press("enter")
    assert "Hello, by «next_update?»" in [entry.text for entry in desk.journal(4)]


async def test_a_mark_that_was_mended_is_not_asked_about(desk: Console, tmp_path: Path):
    templates_in(desk, tmp_path / "t", a="{next_update}")
    await desk.press("r", "ctrl+t")
    await desk.type("a")
    await desk.press("enter", *["backspace"] * 14)
    await desk.type("fine")
    await desk.press("ctrl+d", "enter")
    assert "reply" in [entry.kind for entry in desk.journal(4)]


# -- what was said before -----------------------------------------------------------------------


async def test_what_was_said_is_before_ones_eyes_and_notes_are_not_while_one_replies(desk: Console):
    raj = desk.colleague()
    write.customer_message(raj, 4, "It fails since the IPL.")
    write.note(raj, 4, "secret thought")
    await desk.beat()
    await desk.press("r")
    desk.sees("It fails since the IPL.", "wrote")
    desk.sees_not("secret thought")
    await desk.press("escape", "i")
    desk.sees("secret thought")


async def test_a_long_story_can_be_read_while_one_writes(desk: Console):
    write.customer_message(desk.colleague(), 4, "\n".join(f"line {at}" for at in range(60)))
    await desk.beat()
    await desk.press("r")
    await desk.type("half")
    desk.sees_not("line 45")
    await desk.press("ctrl+o")
    for _ in range(60):
        if "line 45" not in desk.screen:
            await desk.press("pagedown")
    desk.sees("line 45", "half")
    await desk.press("ctrl+o")
    await desk.type(" a thought")
    assert text_of(desk) == "half a thought"


# -- the editor ---------------------------------------------------------------------------------


async def test_a_text_from_the_editor_is_read_once_more_and_then_sent(desk: Console, editor: Script):
    editor("text = text.replace('thought', 'reply').strip() + ', done\\n'")
    await desk.press("r")
    await desk.type("a thought")
    await desk.press("ctrl+e")
    await comes(desk, "Reply to the customer, 4", "PUBLIC", "a reply, done", "Edit", "Send")
    assert len(desk.journal(4)) == 1
    assert desk.app.drafts[4, "reply"].body == "a reply, done"
    await desk.press("right", "enter")
    assert "a reply, done" in [entry.text for entry in desk.journal(4) if entry.kind == "reply"]
    assert desk.app.drafts == {}


async def test_enter_too_many_after_the_editor_sends_nothing(desk: Console, editor: Script):
    editor("text = text.strip() + 'x'")
    await desk.press("r", "ctrl+e")
    await comes(desk, "[ Edit ]", "x")
    await desk.press("enter")
    await comes(desk, "[ Edit ]", "xx")
    assert len(desk.journal(4)) == 1


async def test_the_text_of_a_review_can_be_kept_or_edited_again(desk: Console, editor: Script):
    editor("text = text.strip() + ('again' if not text.strip() else ' more')")
    await desk.press("i", "ctrl+e")
    await comes(desk, "[ Edit ]", "again")
    await desk.press("e")
    await comes(desk, "[ Edit ]", "again more")
    assert desk.app.drafts[4, "note"].body == "again more"
    await desk.press("escape")
    desk.said("4: note kept as a draft")
    await desk.press("i")
    assert text_of(desk) == "again more"


async def test_an_editor_that_fails_leaves_the_text_as_it_was(desk: Console, editor: Script):
    editor("open(path, 'w').write('lost'); sys.exit(3)")
    await desk.press("r")
    await desk.type("a thought")
    await desk.press("ctrl+e")
    await comes(desk, "ended with status 3: the text is as it was before")
    assert text_of(desk) == "a thought"


async def test_an_emptied_file_leaves_the_text_as_it_was(desk: Console, editor: Script):
    editor("text = ' \\n'")
    await desk.press("r")
    await desk.type("a thought")
    await desk.press("ctrl+e")
    await comes(desk, "left no text: it is as it was before")
    assert text_of(desk) == "a thought"


async def test_without_an_editor_one_line_says_what_to_do(desk: Console, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    await desk.press("r")
    await desk.type("a thought")
    await desk.press("ctrl+e")
    await comes(desk, "no editor is set: set VISUAL or EDITOR")
    assert text_of(desk) == "a thought"
    monkeypatch.setenv("EDITOR", "no-such-editor -w")
    await desk.press("ctrl+e")
    await comes(desk, "EDITOR names no-such-editor, which isn't here")
    await desk.press("escape")


def test_the_command_is_split_as_a_shell_would_and_no_shell_runs():
    assert command({"VISUAL": "env -u 'A B' vi", "EDITOR": "ed", "PATH": "/bin:/usr/bin"}) == [
        "env", "-u", "A B", "vi",
    ]  # fmt: skip
    for broken in ("vi 'x", "$(touch /tmp/x)", "; ls"):
        with pytest.raises(UsageError, match="VISUAL"):
            command({"VISUAL": broken, "PATH": "/bin"})


async def test_the_file_is_private_and_gone_afterwards(desk: Console, editor: Script, tmp_path: Path):
    told = tmp_path / "told"
    editor(
        f"open({str(told)!r}, 'w').write(f'{{os.stat(path).st_mode & 0o777:o}} "
        "{os.stat(os.path.dirname(path)).st_mode & 0o777:o} {path}')\ntext += 'x'"
    )
    await desk.press("r", "ctrl+e")
    await comes(desk, "[ Edit ]")
    file_mode, folder_mode, path = told.read_text().split(" ", 2)
    assert (file_mode, folder_mode) == ("600", "700")
    assert path.endswith("reply-4.txt") and not Path(path).parent.exists()


async def test_in_restricted_mode_there_is_no_editor_and_it_says_why(tmp_path: Path, editor: Script):
    editor("text += 'x'")
    async with at_console(tmp_path, (sev1("down"),), restricted=True) as desk:
        await desk.press("r")
        await desk.type("a thought")
        await desk.press("ctrl+e")
        await comes(desk, "restricted mode starts no other program")
        assert text_of(desk) == "a thought"


async def test_a_change_meanwhile_is_told_in_the_review_before_it_is_sent(desk: Console, editor: Script):
    editor("text += 'x'")
    await desk.press("r", "ctrl+e")
    await comes(desk, "[ Edit ]")
    change.set_severity(desk.colleague(), 4, 2)
    await desk.press("right", "enter")
    desk.sees("changed while you looked", "raj set severity to 2", "write it all the same")
    assert not [entry for entry in desk.journal(4) if entry.kind == "reply"]
    await desk.press("enter")
    assert [entry.text for entry in desk.journal(4) if entry.kind == "reply"] == ["x"]


async def test_what_happened_is_written_in_the_editor_too(desk: Console, editor: Script):
    editor("text = (text.strip() + ' at noon').strip()")
    await desk.press("n")
    await desk.type("all down")
    await desk.press("shift+tab", "shift+tab")
    await desk.press("ctrl+e")
    await comes(desk, "Report a problem", "at noon", "all down")
    assert dict(desk.app.drafts[0, "report"].data) == {"subject": "all down"}
    await desk.press("ctrl+d", "enter")
    assert (desk.ticket(5).subject, desk.ticket(5).description) == ("all down", "at noon")


# -- large and hostile --------------------------------------------------------------------------


async def test_ten_thousand_pasted_lines_are_one_text(desk: Console):
    from textual import events

    await desk.press("i")
    pasted = "\n".join(f"line {at}" for at in range(10_000))
    desk.app.post_message(events.Paste(pasted))
    await desk.settled()
    assert text_of(desk) == pasted
    await desk.press("ctrl+d", "enter")
    assert desk.journal(4)[0].text == pasted


async def test_a_text_that_is_too_long_says_so_and_stays(desk: Console):
    await desk.press("i")
    desk.app.screen.query_one("#text", TextArea).load_text(("x" * 99 + "\n") * 10_001)
    await desk.settled()
    desk.sees("100 characters too many: 1,000,000 fit")
    await desk.press("ctrl+d", "enter")
    assert len(desk.journal(4)) == 1
    desk.sees("1000100 characters; 1000000 are allowed")


# -- drafts -------------------------------------------------------------------------------------


async def test_the_drafts_page_goes_on_with_one_and_throws_one_away(desk: Console):
    await desk.press("D")
    desk.said("nothing of yours is unsent")
    await desk.press("i")
    await desk.type("half a thought")
    await desk.press("escape")
    await desk.queue.goes_to(3)
    await desk.press("r")
    await desk.type("dear Globex")
    await desk.press("escape", "D")
    desk.sees("Unsent: 2 of your texts", "3 reply", "4 note", "half a thought", "dear Globex")
    await desk.press("down" if "note" in desk.app.screen.query_one("Menu").options[1].label else "up", "x")
    desk.sees("Throw the note on 4 away?", "No, keep it")
    await desk.press("enter")
    desk.sees("Unsent: 2 of your texts")
    await desk.press("x", "y")
    desk.sees("Unsent: one text of yours", "dear Globex")
    assert list(desk.app.drafts) == [(3, "reply")]
    await desk.press("enter")
    desk.sees("Reply to the customer, 3: HyperIP tunnel drops", "dear Globex")
    await desk.press("ctrl+d", "enter")
    assert desk.app.drafts == {}


async def test_where_there_is_room_what_was_said_stands_beside_the_text(tmp_path: Path):
    async with at_console(
        tmp_path, (sev1("down", description="It fails since the IPL."),), size=(120, 40)
    ) as desk:
        await desk.press("r")
        await desk.type("Dear customer")
        rows = desk.screen.split("\n")
        said = next(row for row, line in enumerate(rows) if "It fails since the IPL." in line)
        mine = next(row for row, line in enumerate(rows) if "Dear customer" in line)
        assert abs(said - mine) <= 1 and rows[said].index("It fails") > 60
        await desk.pilot.resize_terminal(80, 24)
        await desk.settled()
        rows = desk.screen.split("\n")
        said = next(row for row, line in enumerate(rows) if "It fails since the IPL." in line)
        assert said < next(row for row, line in enumerate(rows) if "Dear customer" in line)
        assert text_of(desk) == "Dear customer"


async def test_a_small_screen_has_room_for_all_the_buttons(tmp_path: Path):
    async with at_console(tmp_path, (sev1("down"),), size=(60, 20)) as desk:
        await desk.press("r")
        desk.sees("[Send]", "[Send and wait]", "[Send workaround]", "[Leave]", "PUBLIC")


async def test_what_a_form_holds_is_kept_when_the_line_drops(desk: Console):
    await desk.press("n")
    await desk.type("all down")
    kept = desk.app.unsent()
    assert [(one.ticket, one.kind, dict(one.data)) for one in kept] == [
        (0, "report", {"subject": "all down"})
    ]
    await desk.press("escape", "e")
    assert desk.app.unsent() == []
    await desk.type("!")
    assert [(one.ticket, one.kind) for one in desk.app.unsent()] == [(4, "edit")]


async def test_a_key_that_comes_before_the_focus_is_set_is_the_texts(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Textual sets a focus later, from the queue of the app: a key may stand before it there."""
    opened = Write.opened

    def with_a_key_before(self: Write) -> None:
        desk.app.post_message(events.Key("c", "c"))
        opened(self)

    monkeypatch.setattr(Write, "opened", with_a_key_before)
    async with at_console(tmp_path, size=size) as desk:
        desk.arrives(sev1("system down"))
        await desk.beat()
        await desk.press("i")
        await desk.type("lose")
        assert text_of(desk) == "close"

"""The files of a ticket: listed, read without being obeyed, saved, attached, moved, taken away."""

from __future__ import annotations

import pytest

from supporttui.desk import attachments
from supporttui.desk.files import blobs_of
from tests.console.driver import at_console, sev1

HOSTILE = b"10:01 start\n\x1b]52;c;aGk=\x07\x1b[2J [@click=app.quit]x[/] \xe2\x80\xae\n" + b"line\n" * 5000


def gets(desk, number, name="trace.log", content=HOSTILE, **more):
    """A file comes for a ticket by itself."""
    raj = desk.colleague("uploads")
    blobs = blobs_of(raj)
    more = {"source": "upload", "place": "acme", **more}
    return attachments.add(raj, number, blobs.put_bytes(content), name, blobs=blobs, **more)


def files(desk, number=4):
    return [one.name for one in attachments.listed(desk.colleague("look"), number)]


@pytest.fixture
def size():
    return (80, 24)


async def test_a_ticket_without_files_says_how_they_come(desk):
    await desk.press("A")
    desk.sees("Files of 4: none", "web form", "by a here")
    await desk.press("q")
    desk.sees_not("Files of 4")


async def test_what_came_stands_beside_the_ticket_and_in_its_journal(tmp_path):
    async with at_console(tmp_path, [sev1("down")], size=(160, 48)) as desk:
        gets(desk, 1)
        await desk.passes(seconds=10)
        desk.sees("files: trace.log (25.1 kB)", "attached trace.log", "uploaded to acme", "10:01 start")
        assert "\x1b" not in desk.screen


async def test_a_file_is_read_and_obeyed_by_nobody(desk):
    gets(desk, 4, name="a\x1b]0;x\x07.log")
    await desk.press("A")
    desk.sees("Files of 4: 1", "25.1 kB", "uploaded to acme")
    await desk.press("enter")
    desk.sees("SHA-256", "10:01 start", "\\x1b]52;c;aGk=\\x07\\x1b[2J [@click=app.quit]x[/] \\u202e")
    await desk.press("G")
    desk.sees("the first", "of 25,0", "bytes; s saves all of it")
    await desk.press("q", "q")
    desk.sees_not("Files of 4")


async def test_bytes_are_shown_as_numbers(desk):
    gets(desk, 4, content=b"\x7fELF\x00\x01\x02" * 100)
    await desk.press("A", "enter")
    desk.sees("00000000  7f 45 4c 46 00")


async def test_a_file_is_saved_and_nothing_is_overwritten(desk, tmp_path):
    gets(desk, 4)
    await desk.press("A", "s")
    desk.sees("Save trace.log", "a new file, or a folder")
    await desk.press("ctrl+u")
    await desk.type(f"{tmp_path}")
    await desk.press("enter")
    desk.said("saved to")
    assert (tmp_path / "trace.log").read_bytes() == HOSTILE
    await desk.press("s")
    await desk.type(f"{tmp_path}/trace.log")
    await desk.press("enter")
    desk.sees("exists already")
    await desk.press("escape")
    (tmp_path / "trace.log").unlink()
    await desk.press("enter", "s", "ctrl+u")
    await desk.type(f"{tmp_path}/other.log")
    await desk.press("enter")
    assert (tmp_path / "other.log").read_bytes() == HOSTILE


async def test_a_file_is_attached_and_undone_from_the_page(desk, tmp_path):
    (tmp_path / "core.dmp").write_bytes(b"\x00" * 10)
    await desk.press("A", "a")
    desk.sees("Attach to 4", "a copy is kept")
    await desk.type("/nowhere/at-all")
    await desk.press("enter")
    desk.sees("there is no file")
    await desk.press("ctrl+u")
    await desk.type(f"{tmp_path}/core.dmp")
    await desk.press("enter")
    desk.said("core.dmp (10 B) is attached")
    desk.sees("Files of 4: 1", "by ana")
    await desk.press("u")
    assert files(desk) == []
    desk.sees("Files of 4: none")
    await desk.press("U")
    assert files(desk) == ["core.dmp"]


async def test_the_line_attaches_by_a_path(desk, tmp_path):
    (tmp_path / "core.dmp").write_bytes(b"x")
    await desk.press(":")
    await desk.type(f"attach {tmp_path}/core.dmp")
    await desk.press("enter")
    assert files(desk) == ["core.dmp"]
    await desk.press("u")
    assert files(desk) == []


async def test_a_file_is_moved_and_taken_away_and_both_come_back(desk):
    gets(desk, 4)
    await desk.press("A", "M")
    await desk.type("999")
    await desk.press("enter")
    desk.sees("there is no ticket 999")
    await desk.press("ctrl+u")
    await desk.type("3")
    await desk.press("enter")
    desk.said("trace.log is now a file of 3")
    assert (files(desk, 4), files(desk, 3)) == ([], ["trace.log"])
    await desk.press("u")
    assert (files(desk, 4), files(desk, 3)) == (["trace.log"], [])
    await desk.press("x")
    desk.sees("Take trace.log away from 4?")
    await desk.press("y")
    assert files(desk) == []
    await desk.press("u")
    assert files(desk) == ["trace.log"]


async def test_a_content_that_is_gone_is_said(desk):
    file = gets(desk, 4)
    blobs_of(desk.colleague("look")).path(file.hash).unlink()
    await desk.press("A", "enter")
    desk.sees("is not in", "restore it from a backup")


async def test_restricted_mode_reads_and_moves_but_names_no_files(tmp_path):
    async with at_console(tmp_path, [sev1("down")], size=(80, 24), restricted=True) as desk:
        gets(desk, 1)
        await desk.press("A", "s")
        desk.said("out of reach in restricted mode")
        await desk.press("a")
        desk.said("out of reach in restricted mode")
        await desk.press("enter")
        desk.sees("10:01 start")
        assert "s save" not in desk.footer


async def test_the_page_fits_small_terminals(tmp_path):
    async with at_console(tmp_path, [sev1("down")], size=(60, 20)) as desk:
        gets(desk, 1, name="a-very-long-name-of-a-dump-" * 6 + ".log")
        await desk.press("A")
        desk.sees("Files of 1: 1", "25.1 kB", "uploaded to acme")


async def test_a_long_name_keeps_its_ending_in_sight_and_is_read_in_full(desk):
    gets(desk, 4, name="region-2-of-the-second-machine-" * 5 + "end.dmp")
    await desk.press("A")
    desk.sees("….dmp")
    await desk.press("enter")
    desk.sees("end.dmp", "SHA-256")


async def test_a_file_that_a_colleague_moves_from_under_the_cursor_is_said(desk):
    gets(desk, 4, name="one.log")
    gets(desk, 4, name="two.log")
    raj = desk.colleague()
    await desk.press("A")
    attachments.move(raj, attachments.listed(raj, 4)[1], 3)
    await desk.passes(seconds=10)
    await desk.beat()
    desk.sees("two.log is no file of 4 any more", "Files of 4: 1")
    await desk.press("x")
    desk.sees("Take one.log away from 4?")


async def test_of_two_analysts_at_one_file_the_second_is_told(desk):
    gets(desk, 4, name="one.log")
    raj = desk.colleague()
    await desk.press("A", "x")
    attachments.move(raj, attachments.listed(raj, 4)[0], 3)
    await desk.press("y")
    assert (files(desk, 4), files(desk, 3)) == ([], ["one.log"])
    desk.sees("Files of 4: none")
    desk.said("one.log changed while you looked")


async def test_y_copies_the_hash(desk):
    file = gets(desk, 4)
    await desk.press("A", "y")
    desk.said("SHA-256: ")
    assert desk.app.screen.row.copies == file.hash

"""The analyst's editor on a real terminal: whole before and after, resized, typed ahead of, hung up."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk import report as reporting
from supporttui.desk.session import Desk
from supporttui.store import drafts, open_store
from tests.wire.driver import Terminal, base_environment
from tests.wire.tmux import Tmux

SOON = 6.0  # seconds; two are the aim, and a busy machine gets some more
REVIEW = "[ Edit ]"


def argv(home: Path) -> list[str]:
    return [sys.executable, "-m", "supporttui", "--store", str(home / "desk.sqlite3")]


def environment(home: Path, how: str) -> dict[str, str]:
    home.chmod(0o700)
    return base_environment(
        HOME=str(home), SUPPORTTUI_USER="ana", SUPPORTTUI_ZONE="UTC", TMPDIR=str(home),
        VISUAL=f"'{sys.executable}' -m tests.wire.an_editor {how}",
    )  # fmt: skip


def report(home: Path) -> None:
    home.chmod(0o700)
    with open_store(home / "desk.sqlite3") as store:
        desk = Desk(store, "netex", SystemClock(), "ana")
        reporting.report(desk, reporting.NewTicket(subject="NETEX crashes z/OS", severity=2))


def in_editor(home: Path, how: str = "plain") -> Terminal:
    """A console that is replying, with the editor open."""
    report(home)
    term = Terminal(argv(home), environment(home, how))
    term.wait_for("NETEX crashes", timeout=40)
    term.send("r")
    term.wait_for("PUBLIC")
    term.type("Dear customer, ")
    term.wait_for("Dear customer,")
    term.send("ctrl+e")
    term.wait_for("EDITOR")
    term.settle()
    return term


def kept(home: Path) -> dict[str, str]:
    """The drafts that the store holds."""
    store = open_store(home / "desk.sqlite3")
    try:
        with store.read():
            return {draft.kind: draft.body for draft in drafts.of_actor(store, "ana")}
    finally:
        store.close()


def leave(term: Terminal) -> None:
    """Out of the review and the console, the draft kept."""
    term.send("escape")
    term.wait_gone(REVIEW)
    term.settle()
    term.send("q")
    assert term.wait_exit() == 0


def test_the_editor_gets_a_whole_terminal_and_the_console_gets_it_back(tmp_path: Path) -> None:
    with in_editor(tmp_path) as term:
        assert "cooked=True size=80" in term.text
        given = bytes(term.raw)
        assert given.rindex(b"\x1b[?1049l") > given.rindex(b"\x1b[?1049h")
        for off in (b"\x1b[?2004l", b"\x1b[?25h", b"\x1b[?1004l"):
            assert off in given
        mark = term.mark()
        term.type("all is well\r")
        term.wait_for(REVIEW)
        term.wait_for("all is well at 80")
        back = term.raw_since(mark)
        for on in (b"\x1b[?1049h", b"\x1b[?2004h", b"\x1b[?25l"):
            assert on in back
        leave(term)
        assert term.raw.rindex(b"\x1b[?1049l") > term.raw.rindex(b"\x1b[?1049h")
    assert kept(tmp_path) == {"reply": "Dear customer, \nall is well at 80"}


def test_keys_typed_before_the_editor_ends_are_the_reviews(tmp_path: Path) -> None:
    with in_editor(tmp_path) as term:
        mark = term.mark()
        term.type("first\re")  # the line for the editor, and `e` for the review: once more
        term.wait_bytes(b"EDITOR", since=mark)
        term.settle()
        term.type("second\r")
        term.wait_for("second at 80")
        assert "first at 80" in term.text
        leave(term)


def test_keys_in_one_packet_with_the_editors_key_act_on_nothing(tmp_path: Path) -> None:
    report(tmp_path)
    with Terminal(argv(tmp_path), environment(tmp_path, "plain")) as term:
        term.wait_for("NETEX crashes", timeout=40)
        term.send("r")
        term.wait_for("PUBLIC")
        term.type("Dear\x05\t\r\r")
        term.wait_for("EDITOR")
        term.settle()
        term.type("mine\r")
        term.wait_for(REVIEW)
        term.settle(400)
        assert REVIEW in term.text and "mine at 80" in term.text
        leave(term)


def test_a_terminal_resized_in_the_editor_is_painted_in_its_new_size(tmp_path: Path) -> None:
    with in_editor(tmp_path) as term:
        term.resize(110, 30)
        term.type("wide\r")
        term.wait_for("wide at 110")
        term.wait_for(REVIEW)
        term.wait_for(
            lambda term: (
                max(len(line.rstrip()) for line in term.screen.display) > 100
                and any(term.line(number).strip().startswith("╰") for number in (28, 29))
            )
        )
        leave(term)


def test_ctrl_c_is_the_editors(tmp_path: Path) -> None:
    with in_editor(tmp_path, "interrupt") as term:
        term.send("ctrl+c")
        term.wait_for("interrupted")
        term.wait_for(REVIEW)
        leave(term)


@pytest.mark.parametrize(
    ("how", "text"),
    [
        ("plain", "Dear customer, "),
        ("save", "Dear customer, \nsaved so far"),
        ("rescue", "rescued"),
    ],
)
def test_a_line_cut_in_the_editor_keeps_what_its_file_holds(tmp_path: Path, how: str, text: str) -> None:
    with in_editor(tmp_path, how) as term:
        pid, file = (tmp_path / "editor.pid").read_text().split()
        start = time.monotonic()
        term.hang_up()
        term.wait_exit()
        assert time.monotonic() - start < SOON
    assert kept(tmp_path) == {"reply": text}
    assert not Path(file).parent.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


@pytest.mark.skipif(not shutil.which("vim"), reason="no vim here")
def test_vim_s_own_recovery_outlives_a_cut_line_and_is_told(tmp_path: Path) -> None:
    report(tmp_path)
    environ = environment(tmp_path, "plain") | {"VISUAL": "vim -u NONE"}
    with Terminal(argv(tmp_path), environ) as term:
        term.wait_for("NETEX crashes", timeout=40)
        term.send("r")
        term.wait_for("PUBLIC")
        term.type("Dear")
        term.wait_for("Dear")
        term.send("ctrl+e")
        term.wait_for("reply-1.txt")
        term.settle()
        term.type("Aunsaved words")
        term.wait_for("unsaved words")
        term.hang_up()
        term.wait_exit()
    assert kept(tmp_path) == {"reply": "Dear"}
    swap = next(tmp_path.glob("supporttui-*/.reply-1.txt.sw*"))
    assert b"unsaved words" in swap.read_bytes() and swap.parent.stat().st_mode & 0o77 == 0
    with Terminal(argv(tmp_path), environ) as term:
        term.wait_for("unsent drafts: 1 reply", timeout=40)
        term.send("r")
        term.wait_for("the editor was cut off")


@pytest.mark.skipif(not (Tmux.available() and shutil.which("vim")), reason="no tmux or no vim here")
def test_ctrl_z_in_the_editor_goes_to_the_shell_and_fg_comes_back(tmp_path: Path) -> None:
    report(tmp_path)
    environ = environment(tmp_path, "plain") | {"VISUAL": "vim -u NONE", "PS1": "SHELL> "}
    with Tmux(["bash", "--norc", "-i"], environ) as tmux:
        tmux.wait_for("SHELL>")
        tmux.type(shlex.join(argv(tmp_path)))
        tmux.send("Enter")
        tmux.wait_for("NETEX crashes", timeout=40)
        tmux.send("r")
        tmux.wait_for("PUBLIC")
        tmux.type("Dear")
        tmux.wait_for("Dear")
        tmux.send("C-e")
        tmux.wait_for("reply-1.txt")
        tmux.settle()
        tmux.send("C-z")
        tmux.wait_for("Stopped")
        tmux.type("fg")
        tmux.send("Enter")
        tmux.settle()
        tmux.type("A friend")
        tmux.send("Escape")
        tmux.settle()
        tmux.type(":wq")
        tmux.send("Enter")
        tmux.wait_for(REVIEW)
        assert "Dear friend" in tmux.capture()


@pytest.mark.skipif(not Tmux.available(), reason="no tmux here")
def test_in_tmux(tmp_path: Path) -> None:
    report(tmp_path)
    with Tmux(argv(tmp_path), environment(tmp_path, "plain")) as tmux:
        tmux.wait_for("NETEX crashes", timeout=40)
        tmux.send("r")
        tmux.wait_for("PUBLIC")
        tmux.type("Dear")
        tmux.wait_for("Dear")
        tmux.send("C-e")
        tmux.wait_for("cooked=True size=80")
        assert "PUBLIC" not in tmux.capture()
        tmux.type("from tmux")
        tmux.send("Enter")
        tmux.wait_for(REVIEW)
        assert "from tmux at 80" in tmux.capture()
        tmux.send("Escape")
        tmux.wait_for("Queue")
        tmux.send("q")
    assert kept(tmp_path)["reply"].startswith("Dear")

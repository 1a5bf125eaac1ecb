"""A fault in a real terminal: the terminal comes back, drafts are kept, and one line names a file that tells nothing private."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from supporttui.clock import SystemClock
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import open_store
from tests.wire.driver import Terminal, base_environment

SECRET = "the merger with Umbrella"
# A fault while a reply is open: the next look at the clock fails with a ticket's words in its message.
FAULTY = f"""
import supporttui.console.keeper as keeper
looks = keeper.Keeper.beat

async def beat(self):
    if any(draft.body.endswith("!") for draft in self.app.unsent()):
        secret = {SECRET!r}
        raise ValueError(self.screen.detail.subject.ticket.subject) from KeyError(secret)
    await looks(self)

keeper.Keeper.beat = beat
import sys
from supporttui.cli.entry import run
sys.exit(run([]))
"""


@pytest.fixture
def crashed(tmp_path: Path) -> tuple[Terminal, bytes, Path]:
    tmp_path.chmod(0o700)
    store = tmp_path / "desk.sqlite3"
    desk = Desk(open_store(store), "netex", SystemClock(), "ana")
    report(desk, NewTicket(subject=SECRET, severity=1))
    desk.store.close()
    environment = base_environment(
        HOME=str(tmp_path), SUPPORTTUI_STORE=str(store), LOGNAME="ana", TMPDIR=str(tmp_path)
    )
    with Terminal([sys.executable, "-c", FAULTY], environment) as term:
        term.wait_for(SECRET)
        term.settle()
        term.send("j", "k", "r")
        term.wait_for("PUBLIC")
        mark = term.mark()
        term.type("We have your dump!")
        assert term.wait_exit() == 70
        return term, term.raw_since(mark), store


def test_the_terminal_comes_back_and_one_line_names_the_file(crashed):
    _, written, store = crashed
    (file,) = store.parent.glob("supporttui-crash-*.txt")
    last = written[written.rindex(b"\x1b[?1049l") :].decode()
    assert "\x1b[?25h" in written.decode(errors="replace")[-400:]
    assert f"supporttui: a fault in the console, ValueError; what happened is in {file}" in last
    assert last.count("supporttui:") == 1 and "Traceback" not in last and SECRET not in last


def test_the_file_is_private_and_names_versions_terminal_and_verbs(crashed):
    _, _, store = crashed
    (file,) = store.parent.glob("supporttui-crash-*.txt")
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    for words in (
        "supporttui 0",
        "Python 3",
        "textual 8",
        "peewee",
        "term xterm-256color",
        "colours 256",
        "utf8 True",
    ):
        assert words in text, words
    assert "verbs, the last one last: down up reply" in text
    assert "ValueError" in text and "KeyError" in text and "in beat" in text
    assert SECRET not in text and "your dump" not in text


def test_what_was_being_written_is_a_draft(crashed):
    from supporttui.console import drafts

    _, _, store = crashed
    desk = Desk(open_store(store), "netex", SystemClock(), "ana")
    assert drafts.load(desk)[1, "reply"].body == "We have your dump!"
    desk.store.close()

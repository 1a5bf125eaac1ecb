"""Every command, on a store full of hostile text: 0 foreign bytes, 0 crashes, and JSON that survives."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

import pytest

from supporttui.cli.entry import run
from supporttui.cli.registry import COMMANDS
from supporttui.cli.session import World
from supporttui.clock import ManualClock
from tests.wire.driver import Terminal, base_environment
from tests.wire.foreign import foreign_bytes
from tests.wire.hostile import CANARY, STORABLE
from tests.wire.hostile_store import build

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
OURS = re.compile(rb"\x1b\[(?:1;31|0)m")
ARGUMENTS = {name: text for name, text in STORABLE.items() if "\x00" not in text and len(text) < 5_000}
WELL_KNOWN = {0, 64, 65, 66, 74, 75, 77, 78}


class Stream(io.TextIOWrapper):
    """A stream over bytes, in any encoding, that may claim to be a terminal."""

    def __init__(self, text: str = "", *, encoding: str = "utf-8", terminal: bool = False) -> None:
        self.bytes = io.BytesIO(text.encode(encoding, "replace"))
        super().__init__(self.bytes, encoding=encoding, errors="backslashreplace", newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def raw(self) -> bytes:
        self.flush()
        return self.bytes.getvalue()


class Commands:
    """Runs command lines in this process and checks every byte that they write."""

    def __init__(self, home: Path, numbers: dict[str, int]) -> None:
        self.home, self.numbers = home, numbers
        self.encoding, self.terminal = "utf-8", False

    def __call__(self, *words: object, stdin: str = "") -> tuple[int, bytes]:
        out = Stream(encoding=self.encoding, terminal=self.terminal)
        err = Stream(encoding=self.encoding, terminal=self.terminal)
        environ = {
            "HOME": str(self.home), "SUPPORTTUI_STORE": str(self.home / "desk.sqlite3"), "SUPPORTTUI_USER": "ana",
            "SUPPORTTUI_ZONE": "UTC", "TERM": "xterm", "COLUMNS": "100",
        }  # fmt: skip
        code = run([str(word) for word in words], World(Stream(stdin), out, err, environ, ManualClock(NOW)))
        self._check(words, code, out.raw(), err.raw())
        return code, out.raw()

    def _check(self, words: Sequence[object], code: int, out: bytes, err: bytes) -> None:
        shown = [str(word)[:60] for word in words]
        assert code in WELL_KNOWN, (shown, code, err[-500:])
        assert err.count(b"\n") == (0 if code == 0 else 1) or code == 0, (shown, err[:500])
        for raw in (out, err):
            assert b"\x1b" not in OURS.sub(b"", raw), (shown, raw[:300])
            assert foreign_bytes(raw) == [], shown
            if self.encoding != "utf-8":
                assert raw.isascii(), shown
        if "--json" in words and code == 0:
            assert out.isascii(), shown
            json.loads(out)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    home = tmp_path_factory.mktemp("hostile")
    home.chmod(0o700)
    return home, build(home / "desk.sqlite3", STORABLE, NOW)


@pytest.fixture
def commands(desk: tuple[Path, dict[str, int]]) -> Commands:
    """On the shared store: for commands that only read."""
    return Commands(*desk)


@pytest.fixture
def writing(desk: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Commands]:
    """On a copy of its own."""
    tmp_path.chmod(0o700)
    copyfile(desk[0] / "desk.sqlite3", tmp_path / "desk.sqlite3")
    (tmp_path / "desk.sqlite3").chmod(0o600)
    yield Commands(tmp_path, desk[1])


READING = [
    ["list"], ["list", "--all"], ["list", "--all", "--tsv"], ["list", "--all", "--json"], ["list", "--count"],
    ["list", "sev:1"], ["list", CANARY], ["list", CANARY, "--json"], ["list", "--at", "in 30 days"],
    ["deadlines"], ["deadlines", "--json"], ["deadlines", "--tsv"], ["deadlines", "--at", "in 30 days"],
    ["deadlines", "--overdue"], ["views"], ["views", "--json"], ["views", "--tsv"], ["who"], ["who", "--json"],
    ["export"], ["export", "--format", "native"], ["info"], ["keys"], ["keys", "--json"], ["keys", "--check"], ["info", "--json"], ["info", "--tsv"],
    ["policy", "show"], ["policy", "check"],
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_commands_that_read_the_whole_desk(commands: Commands, words: list[str], encoding: str) -> None:
    commands.encoding = encoding
    commands.terminal = encoding == "utf-8" and "--json" not in words
    code, out = commands(*words)
    assert code == 0
    assert out


@pytest.mark.parametrize("form", ["", "--json", "--tsv"])
@pytest.mark.parametrize("command", ["show", "explain", "deadlines"])
def test_every_ticket_is_shown_inert(commands: Commands, command: str, form: str) -> None:
    for name, number in commands.numbers.items():
        code, out = commands(command, number, *([form] if form else []))
        assert code == 0, name
        if command == "show":
            assert CANARY.encode() in out or name == "combining-many-bases", name


def test_json_gives_the_text_back_as_it_is_in_the_store(commands: Commands) -> None:
    for name in ("csi-red", "osc-title", "c1-csi", "bidi-override", "wide-characters", "markup-action"):
        _, out = commands("show", commands.numbers[name], "--json")
        shown = json.loads(out)
        assert shown.get("ticket", shown)["subject"] == STORABLE[name], name


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_hostile_words_on_the_command_line(commands: Commands, step: int) -> None:
    for name, text in list(ARGUMENTS.items())[::step]:
        for words in (
            [text], ["list", text], ["list", "--sort", text], ["show", text], ["list", "--at", text], ["--zone", text, "list"],
            ["--store", f"{commands.home}/none/{text[:50]}", "show", 1], ["--policy", f"{text[:80]}.toml", "info"],
            ["policy", "check", text[:80]], ["views", "--delete", text[:80]], ["completions", text], ["deadlines", "--at", text],
            ["explain", text], ["import", f"{commands.home}/{text[:80]}"], ["list", f"subject:{text}"],
        ):  # fmt: skip
            if not str(words[0]).startswith("-") or words[0] in ("--zone", "--store", "--policy"):
                code, _ = commands(*words)
                assert code in WELL_KNOWN, (name, words[0])


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.slow)])
def test_hostile_texts_are_taken_and_shown_by_the_verbs_that_write(writing: Commands, step: int) -> None:
    for name, text in list(ARGUMENTS.items())[::step]:
        number = writing.numbers[name]
        for words in (
            ["note", number, "-"], ["reply", number, "-"], ["set", number, "--subject", text], ["set", number, "--customer", text],
            ["set", number, "--owner", text, "--reason", text], ["set", number, "--category", text], ["set", number, "--status", text],
            ["tag", number, "--", text], ["ack", number, text], ["ack", number, "in", "1", "h", "--text", text],
            ["snooze", number, text], ["escalate", number, text], ["log", number, text], ["log", number, "10m", "-"],
            ["link", number, number + 1, "--kind", text], ["undo", number], ["redo", number], ["views", "--save", text, "sev:1"],
            ["resolve", number, "-"], ["close", number, "-"], ["reopen", number, "-"], ["show", number],
            ["report", "--subject", text, "--description", "-", "--customer", text], ["merge", number, number + 1],
            ["--as", text, "note", number, "-"],
        ):  # fmt: skip
            words = [f"{word[:400]}" if isinstance(word, str) else word for word in words]
            writing(*words, stdin=text)
            writing(*words, "--json", stdin=text) if words[0] in ("note", "set", "report", "undo") else None
    writing.terminal = True
    assert writing("list", "--all")[0] == 0
    assert writing("tick")[0] == 0
    assert writing("views")[0] == 0


def test_export_and_import_keep_the_texts(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir(mode=0o700)
    numbers = build(tmp_path / "one" / "desk.sqlite3", STORABLE, NOW, kinds=("note", "reply", "customer"))
    one, other = Commands(tmp_path / "one", numbers), Commands(tmp_path / "other", numbers)
    file = tmp_path / "all.jsonl"
    assert one("export", "--format", "native", "-o", file)[0] == 0
    assert file.read_bytes().isascii()
    assert other("import", file, "--mapping", "native")[0] == 0
    for name in ("csi-red", "c1-csi", "bidi-override", "emoji-family"):
        first, second = (
            json.loads(commands("show", numbers[name], "--json")[1]) for commands in (one, other)
        )
        assert first.get("ticket", first)["subject"] == second.get("ticket", second)["subject"]


def test_every_command_is_here() -> None:
    text = Path(__file__).read_text()
    missing = [
        command.name for command in COMMANDS if f'"{command.name}"' not in text and command.name != "backup"
    ]
    assert missing == []


def test_backup_says_its_path_inert(writing: Commands, tmp_path: Path) -> None:
    assert writing("backup", tmp_path / "copy\x1b]2;x\a.sqlite3")[0] == 0


@pytest.mark.parametrize("redirected", [True, False])
def test_the_real_program_writes_nothing_foreign(desk: tuple[Path, dict[str, int]], redirected: bool) -> None:
    environ = base_environment(
        HOME=str(desk[0]), SUPPORTTUI_STORE=str(desk[0] / "desk.sqlite3"), SUPPORTTUI_ZONE="UTC"
    )
    command = "python -m supporttui list sev:1 --limit 9; python -m supporttui show 1; python -m supporttui nothing$(printf '\\033[5n')"
    with Terminal(
        ["sh", "-c", f"({command}) | cat" if redirected else command], environ, columns=100
    ) as term:
        assert term.wait_exit(60) in (0, 64)
        assert CANARY.encode() in term.raw
        assert foreign_bytes(bytes(term.raw)) == []

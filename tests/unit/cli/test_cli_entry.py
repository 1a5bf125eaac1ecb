"""The way in: help, unknown words, exit codes, and streams that fail."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from supporttui import __version__
from supporttui.cli import entry
from supporttui.cli.entry import run
from supporttui.cli.registry import COMMANDS, EXIT_CODES
from supporttui.cli.session import World
from supporttui.errors import SupportError


def process(*words: str, **more) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "supporttui", *words], capture_output=True, timeout=60, check=False, **more
    )


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(cli, flag):
    assert cli.good(flag).out == f"supporttui {__version__}\n"
    assert process(flag).stdout.decode() == f"supporttui {__version__}\n"


def test_help_lists_every_command_and_exit_code(cli):
    text = cli.good("--help").out
    for command in COMMANDS:
        assert f"  {command.name} " in text
    for code, meaning in EXIT_CODES:
        assert f"{code}  {meaning}" in text


def test_every_error_class_has_its_exit_code_documented():
    documented = {code for code, _meaning in EXIT_CODES}

    def classes(root: type) -> list[type]:
        return [root, *(leaf for child in root.__subclasses__() for leaf in classes(child))]

    assert {one.exit_code for one in classes(SupportError)} <= documented


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_a_page(cli, command):
    page = cli.good(command, "--help").out
    assert page.startswith(f"usage: supporttui {command}")
    assert page == cli.good("help", command).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lst"], "unknown command 'lst'; did you mean 'list'?"),
        (["help", "shwo"], "unknown command 'shwo'; did you mean 'show'?"),
        (["qqqq"], "unknown command 'qqqq'; supporttui --help lists them"),
        (["--stor", "x", "list"], "unknown option '--stor'; did you mean '--store'?"),
        (["--bogus"], "unknown option '--bogus'; supporttui --help lists them"),
        (["escalate", "1", "--role", "x"], "unknown option '--role'; try supporttui escalate --help"),
        (["list", "--jsno"], "unknown option '--jsno'; did you mean '--json'?"),
        (["show"], "the following arguments are required: NUMBER; try supporttui show --help"),
        (
            ["show", "1", "2"],
            "'2' is one word too many (quotes keep words together); try supporttui show --help",
        ),
        (["list", "--sort", "du"], "--sort: 'du' is not known; did you mean 'due'?"),
        (
            ["list", "--limit", "-3"],
            "--limit: '-3' is not a whole number from 1 to 2147483648; try supporttui list --help",
        ),
        (["list", "--limit", "9" * 5000], "is not a whole number"),
        (["show", "-5"], "a ticket is named by its number, such as 1042, not by '-5'"),
        (["show", "1.5"], "not by '1.5'"),
        (["show", "٣"], "not by '٣'"),
        (["show", "0"], "not by '0'"),
        (["--store"], "--store: a value is missing"),
        (["--mouse=1", "list"], "--mouse takes no value"),
        (["--demo", "list"], "--demo opens the console; it can't be used with list"),
        (["--seed", "1"], "--seed belongs to --demo"),
        (["--demo", "--seed", "x"], "--seed: 'x' is not a whole number from 0"),
        ([], "the console needs a terminal, and standard input isn't one"),
        (["list", "--json", "--tsv"], "--tsv: not allowed with argument --json"),
    ],
)
def test_what_is_written_wrongly_gets_one_line(cli, words, said):
    assert said in cli.bad(64, *words)


def test_a_number_no_store_can_hold_is_simply_not_there(cli):
    assert cli.bad(66, "show", "9" * 5000) == "there is no ticket 999999999999999999…"


def test_bytes_that_are_no_text_do_not_crash(cli):
    odd = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert "unknown command 'caf\N{REPLACEMENT CHARACTER}'" in cli.bad(64, odd)
    for code, words in (
        (64, ["show", odd]),
        (64, [f"--{odd}"]),
        (64, ["list", f"--{odd}"]),
        (64, ["show", "1", odd]),
    ):
        cli.bad(code, *words)


def test_hostile_words_come_back_inert(cli):
    for words in (["\x1b]52;c;eA==\x07"], ["show", "\x1b[2J"], ["--\x1b[2J"], ["list", "--\x9b2J"]):
        assert "\x1b" not in cli.bad(64, *words)


def test_non_utf8_bytes_in_a_real_argv():
    done = process(b"caf\xe9")  # type: ignore[arg-type]
    assert done.returncode == 64
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    "raised", [KeyboardInterrupt(), OSError(28, "No space left on device"), ValueError("x")]
)
def test_whatever_happens_is_one_line(monkeypatch, cli, raised):
    def fail(_argv, _world):
        raise raised

    monkeypatch.setattr(entry, "_dispatch", fail)
    cli.environ.pop("SUPPORTTUI_DEBUG")
    code = {KeyboardInterrupt: 130, OSError: 74, ValueError: 70}[type(raised)]
    cli.bad(code, "list")


def test_a_reader_that_went_away_is_no_error_message(cli):
    class Gone(io.StringIO):
        encoding = "utf-8"

        def write(self, _text: str) -> int:
            raise BrokenPipeError

    err = io.StringIO()
    world = World(io.StringIO(), Gone(), err, cli.environ, cli.clock)
    assert run(["--help"], world) == 141
    assert err.getvalue() == ""


def test_a_pipe_that_closes_early_is_quiet():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "supporttui", "--help"],
        stdout=write,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("word", ["--help", "--version"])
def test_a_full_disk_is_exit_74(word):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "supporttui", word],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 74
    assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr


def test_closed_streams_do_not_crash():
    shell = f"{sys.executable} -m supporttui --help >&- 2>&- <&-"
    assert subprocess.run(["sh", "-c", shell], timeout=60, check=False).returncode == 0


def test_a_terminal_without_utf8_gets_ascii():
    done = process("--help", env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0
    assert done.stdout.isascii()

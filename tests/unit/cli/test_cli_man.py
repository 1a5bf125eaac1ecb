"""`man`: a page that formatters accept without a warning, and that names everything there is."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from supporttui.cli.man import roff
from supporttui.cli.registry import COMMANDS, CONSOLE_OPTIONS, EXIT_CODES, GLOBAL_OPTIONS
from supporttui.config import SETTINGS
from supporttui.verbs.registry import VERBS


@pytest.fixture
def page(cli) -> str:
    return cli.good("man").out


def test_it_names_every_command_option_verb_variable_and_exit_code(page):
    for command in COMMANDS:
        assert f"\n\\fB{roff(command.name)}" in page, command.name
    for option in (*GLOBAL_OPTIONS, *CONSOLE_OPTIONS):
        assert f"\n\\fB{roff(option.flag)}\\fR" in page
    for verb in VERBS:
        assert roff(verb.help) in page, verb.id
    for setting in SETTINGS:
        assert f"\\fB{roff(setting.variable)}\\fR" in page
    for code, meaning in EXIT_CODES:
        assert f"\\fB{code}\\fR\n{roff(meaning)}." in page
    for heading in ("NAME", "SYNOPSIS", "COMMANDS", "KEYS", "FILES", "ENVIRONMENT", "EXIT STATUS"):
        assert f"\n.SH {heading}\n" in page


def test_it_is_ascii_and_no_word_is_a_request(page):
    assert page.isascii()
    requests = {line.split()[0] for line in page.splitlines() if line.startswith(".")}
    assert requests <= {".TH", ".SH", ".SS", ".TP", ".PP", ".br"}
    assert roff("list [QUERY …]") == "list [QUERY ...]"
    assert roff(".br -x 'q' \\") == "\\&.br \\-x \\(aqq\\(aq \\e"
    assert not any(line.startswith("'") for line in page.splitlines())


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
@pytest.mark.parametrize("device", ["utf8", "ascii"])
def test_groff_has_no_warning(page, device):
    done = subprocess.run(
        ["groff", "-man", "-ww", "-z", f"-T{device}"], input=page, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_what_is_read_is_what_was_meant(page):
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-rHY=0", "-P-cbou"],
        input=page,
        capture_output=True,
        text=True,
        check=True,
    )
    words = " ".join(done.stdout.split())
    assert "supporttui - a support desk in the terminal" in words
    assert "--scenario NAME" in words and "-tag:spam" not in words
    assert "one row down." in words


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_mandoc_has_no_warning(page):
    done = subprocess.run(
        ["mandoc", "-Tlint", "-Wwarning"], input=page, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout

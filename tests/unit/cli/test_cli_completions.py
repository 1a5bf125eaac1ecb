"""`completions`: scripts that the shells accept and that know every command."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from supporttui.cli.registry import COMMANDS


def script(cli, shell, tmp_path):
    file = tmp_path / f"supporttui.{shell}"
    file.write_text(cli.good("completions", shell).out)
    return file


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_knows_every_command_and_parses(cli, shell, tmp_path):
    file = script(cli, shell, tmp_path)
    for command in COMMANDS:
        assert command.name in file.read_text()
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed; its syntax isn't checked")
    done = subprocess.run([shell, "-n", file], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


ASK = """source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _supporttui; printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["lin"], {"link"}),
        (["lic"], {"licence"}),
        (["customer", "im"], {"import"}),
        (["licence", "add", "--purch"], {"--purchased-on"}),
        (["release", "set", "x", "--kind", "ma"], {"major"}),
        (["contract", "ren"], {"renew"}),
        (["--store", "list", "sh"], {"show"}),
        (["list", "--so"], {"--sort"}),
        (["list", "--sort", "d"], {"due"}),
        (["list", "own"], {"owner:"}),
        (["policy", "ch"], {"check"}),
        (["export", "--format", "c"], {"csv"}),
        (["--ver"], {"--version"}),
        (["report", "--contact-p"], {"--contact-phone"}),
        (["--scen"], {"--scenario"}),
        (["--scenario", "night"], {"night-sev1"}),
        (["--theme", "de"], {"deuteranopia"}),
        (["--policy", "xn"], {"xnet"}),
        (["list", "--theme", "ni"], {"night"}),
        (["--scenario", "list", "sh"], {"show"}),
        (["to"], {"tour"}),
        (["ma"], {"maintenance", "man"}),
    ],
)
def test_bash_offers_what_fits(cli, tmp_path, typed, offered):
    file = script(cli, "bash", tmp_path)
    done = subprocess.run(
        ["bash", "-c", ASK, "bash", file, "supporttui", *typed],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert set(done.stdout.split()) == offered


def test_an_unknown_shell(cli):
    assert "did you mean 'zsh'?" in cli.bad(64, "completions", "zhs")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_option_scenario_and_theme_can_be_completed(cli, shell):
    from supporttui.cli.registry import CONSOLE_OPTIONS, GLOBAL_OPTIONS
    from supporttui.cli.scenario import names

    made = cli.good("completions", shell).out
    for option in (*GLOBAL_OPTIONS, *CONSOLE_OPTIONS):
        assert (f"-l {option.flag[2:]}" if shell == "fish" else option.flag) in made
    for word in (*names(), "ansi-dark", "high-contrast", "netex"):
        assert word in made, word

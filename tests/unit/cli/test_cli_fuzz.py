"""Whatever words a command line is made of, it answers with a documented exit code and never more than one error line."""

from __future__ import annotations

import random

import pytest

from supporttui.cli.completions import gather
from supporttui.cli.registry import COMMANDS, EXIT_CODES, GLOBAL_OPTIONS
from supporttui.watch import service

WORDS = (
    "1", "2", "0", "-1", "99", "9" * 30, "#1", "", " ", "-", "--", "---", "x", "open", "closed", "sev:1", "-sev:1", "sev:",
    "(", "due:<30m", "2h", "in 2h", "now", "-2h", "9999999999w", "2026-02-30", "0001-01-01", "9999-12-31 23:59", "1h30m",
    "netex", "xnet", "show", "check", "new", "diff", "bash", "\x1b[2J", "\x00", "\udce9", "caf\u00e9 \u202e", "a" * 3000,
    "@me", "director", "related", "=1+1", "%s", "{}", "../../etc", "--json", "--tsv", "--all", "--count", "--at", "--at=now",
    "--if-version", "--if-version=1", "--off", "--quiet", "--zone=Nowhere/Land", "--zone=Europe/Berlin", "--as=", "--policy=x",
)  # fmt: skip
DOCUMENTED = {code for code, _meaning in EXIT_CODES} - {70}


@pytest.fixture(scope="module")
def options() -> dict[str, list[str]]:
    return {words.name: [flag for option in words.options for flag in option.flags] for words in gather()}


@pytest.fixture(autouse=True)
def _one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """`watch` without more runs until it is told to end: here that is after its first round."""
    monkeypatch.setattr(service.Signals, "wait", lambda signals, _seconds: setattr(signals, "ending", True))


@pytest.mark.parametrize("seed", range(8))
def test_no_command_line_crashes(cli, options, seed):
    rng = random.Random(seed)
    cli.report("one", severity=1)
    cli.report("two", severity=3)
    for _ in range(60):
        command = rng.choice(COMMANDS).name
        if command in ("import", "backup", "web"):
            continue  # they write where the words say, or serve until they are told to end
        pool = [
            *WORDS,
            *(flag for flag in options[command] if flag not in ("-o", "--output", "--store", "--demo")),
        ]
        words = [rng.choice(pool) for _ in range(rng.randint(0, 5))]
        before = [rng.choice(GLOBAL_OPTIONS).flag] if rng.random() < 0.1 else []
        if "--store" in before:
            continue
        result = cli(*before, command, *words, stdin="text\n" if rng.random() < 0.5 else "")
        assert result.code in DOCUMENTED, (words, result)
        errors = result.err.splitlines()
        # One line when it fails; a report that is taken may be told more than one thing that it lacks.
        assert (len(errors) <= 1 or result.code == 0) and all(
            line.startswith("supporttui: ") for line in errors
        ), (
            words,
            result.err,
        )
        if result.code == 0:
            continue
        assert errors or command in ("policy", "watch"), (words, result)  # these answer with their code
        assert all(char.isprintable() for char in "".join(errors)), words

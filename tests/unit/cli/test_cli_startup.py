"""What a command loads is part of its contract: starting fast is what makes the commands usable in scripts."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

HEAVY = {"textual", "rich", "msgspec", "platformdirs", "holidays", "zoneinfo", "tomllib"}
PROBE = """
import sys
from supporttui.__main__ import main
code = main(sys.argv[1:])
sys.stdout.flush()
print(*sorted(sys.modules), file=sys.stderr)
raise SystemExit(code)
"""


def loaded(tmp_path: Path, *words: str) -> set[str]:
    """The modules that a command line leaves loaded in a fresh interpreter."""
    tmp_path.chmod(0o700)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("SUPPORTTUI", "XDG"))},
        "HOME": str(tmp_path),
        "LOGNAME": "ana",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environ,
    )
    assert done.returncode == 0, done.stderr[:300]
    return set(done.stderr.split())


def tops(modules: set[str]) -> set[str]:
    """Top-level names of what was loaded, but for what `import peewee` loads by itself:
    with a PostgreSQL driver installed that is a good deal more than without."""
    return {module.split(".")[0] for module in modules - with_peewee()}


@cache
def with_peewee() -> frozenset[str]:
    code = "import sys, peewee; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return frozenset(done.stdout.split()) - {"peewee", "dataclasses", "json", "argparse"}


def policy_code(modules: set[str]) -> set[str]:
    return {name for name in modules if name.startswith("supporttui.policy.")} - {
        "supporttui.policy.timeline"
    }


def test_version_loads_next_to_nothing(tmp_path):
    modules = loaded(tmp_path, "--version")
    assert {name for name in modules if name.startswith("supporttui")} == {
        "supporttui",
        "supporttui.__main__",
    }
    assert not tops(modules) & {*HEAVY, "argparse", "peewee", "dataclasses", "json"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs says where things are")
@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["list", "--count"]])
def test_list_loads_neither_console_nor_policy(tmp_path, words):
    loaded(tmp_path, "report", "--subject", "x")
    modules = loaded(tmp_path, *words)
    assert not tops(modules) & HEAVY
    assert not policy_code(modules)
    assert "supporttui.desk.query" not in modules


def test_a_query_loads_the_language_and_still_no_policy(tmp_path):
    loaded(tmp_path, "report", "--subject", "x")
    modules = loaded(tmp_path, "list", "sev:1,2,3,4")
    assert "supporttui.desk.query" in modules
    assert not tops(modules) & {"textual", "rich", "msgspec", "holidays"}
    assert not policy_code(modules)


@pytest.mark.parametrize(
    "words", [["tick"], ["deadlines"], ["report", "--subject", "x"], ["info"], ["--help"]]
)
def test_no_command_loads_the_console(tmp_path, words):
    modules = loaded(tmp_path, *words)
    assert not tops(modules) & {"textual", "rich"}
    assert not {name for name in modules if name.startswith("supporttui.console")}


def test_only_the_family_that_was_named_is_loaded(tmp_path):
    modules = loaded(tmp_path, "list")
    families = {name for name in modules if name.startswith("supporttui.cli.")}
    assert not families & {
        f"supporttui.cli.{name}" for name in ("show", "change", "policy", "completions", "info")
    }

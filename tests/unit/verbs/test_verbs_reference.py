"""The README's key table is what the registry says."""

from __future__ import annotations

from pathlib import Path

from supporttui.verbs.reference import key_table, with_table
from supporttui.verbs.registry import VERBS

README = Path(__file__).resolve().parents[3] / "README.md"


def test_the_table_in_the_readme_is_current():
    text = README.read_text(encoding="utf-8")
    assert text == with_table(text), "run: python -m supporttui.verbs.reference README.md"


def test_every_verb_is_in_the_table():
    table = key_table()
    assert all(verb.help.replace("|", "\\|") in table for verb in VERBS)

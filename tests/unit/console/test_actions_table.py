"""Every verb of the registry has something that does it, and none of it is imported before it is needed."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from supporttui.console.actions.move import MOVES
from supporttui.console.actions.table import ACTIONS, ANSWERED, action, answered
from supporttui.verbs.registry import VERBS


@pytest.mark.parametrize("verb_id", [verb.id for verb in VERBS])
def test_every_verb_is_a_move_or_resolves_to_a_coroutine_function(verb_id: str):
    if verb_id in MOVES:
        assert verb_id not in ACTIONS
        assert not inspect.iscoroutinefunction(MOVES[verb_id])
    else:
        assert inspect.iscoroutinefunction(action(verb_id))


@pytest.mark.parametrize("verb_id", ANSWERED)
def test_every_verb_with_an_answer_resolves_to_a_coroutine_function_of_three(verb_id: str):
    found = answered(verb_id)
    assert inspect.iscoroutinefunction(found) and len(inspect.signature(found).parameters) == 3


def test_every_verb_that_takes_an_argument_can_be_given_one():
    assert {verb.id for verb in VERBS if verb.takes} <= set(ANSWERED) <= {verb.id for verb in VERBS}


def test_nothing_is_in_the_table_that_is_no_verb():
    assert set(ACTIONS) | set(MOVES) == {verb.id for verb in VERBS}


def test_the_start_of_the_console_imports_no_dialog_but_their_base():
    code = (
        "import sys, supporttui.console.app\n"
        "print(*(name for name in sys.modules if name.startswith('supporttui.console.dialogs.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(loaded.stdout.split()) <= {"supporttui.console.dialogs.dialog"}

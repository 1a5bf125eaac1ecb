"""The `:` line: what a line means, what completes it, and where it is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.verbs.line import Call, LineError, Word, complete, parse, shared
from supporttui.verbs.registry import BY_ID, VERBS

KNOWN = {
    "severity": [Word("1", "System down"), Word("2", "System highly impacted"), Word("3", "Problem")],
    "status": [Word("open"), Word("waiting-customer"), Word("waiting-vendor")],
    "person": [Word("ana"), Word("raj")],
    "tags": [Word("urgent"), Word("spam")],
    "view": [Word("Open"), Word("Overdue"), Word("Severity 1")],
    "ending": [Word("resolve"), Word("close"), Word("reopen")],
    "number": [Word("1042", "NETEX crashes"), Word("1031", "transfers restart")],
}


@pytest.mark.parametrize(
    ("text", "verb", "argument"),
    [
        ("severity 2", "severity", "2"),
        ("  severity   2  ", "severity", "2"),
        ("severity system down", "severity", "1"),
        ("sev 2", "severity", "2"),
        ("assign raj", "assign", "raj"),
        ("tag urgent -spam", "tag", "urgent -spam"),
        ("go 1042", "go", "1042"),
        ("go #1042", "go", "1042"),
        ("view Overdue", "view", "Overdue"),
        ("view severity 1", "view", "Severity 1"),
        ("status open", "status", "open"),
        ("acknowledge 45m", "acknowledge", "45m"),
        ("query sev:1 owner:none", "query", "sev:1 owner:none"),
        ("close res", "close", "resolve"),
        ("undo", "undo", None),
        ("severity", "severity", None),
    ],
)
def test_what_a_line_means(text: str, verb: str, argument: str | None):
    assert parse(text, VERBS, KNOWN) == Call(BY_ID[verb], argument)


@pytest.mark.parametrize(
    ("text", "words", "column"),
    [
        ("", "a verb by its name", 1),
        ("frobnicate", "no verb “frobnicate”", 1),
        ("severty 2", "did you mean 'severity'", 1),
        ("re", "reply", 1),
        ("severity 9", "no severity “9”: 1, 2, 3", 10),
        ("status waiting", "waiting-customer, waiting-vendor", 8),
        ("view Overdeu", "did you mean 'overdue'", 6),
        ("go home", "the number of a ticket", 4),
        ("undo 2", "takes nothing", 6),
        ("  undo 2", "takes nothing", 8),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, words: str, column: int):
    with pytest.raises(LineError) as caught:
        parse(text, VERBS, KNOWN)
    assert words in str(caught.value)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("sev", ["severity "]),
        ("severity ", ["severity 1", "severity 2", "severity 3"]),
        ("tag urgent -s", ["tag urgent -spam"]),
        ("view O", ["view Open", "view Overdue"]),
        ("assign r", ["assign raj"]),
        ("go 104", ["go 1042"]),
        ("undo ", []),
        ("frobnicate 2", []),
    ],
)
def test_what_completes_it(text: str, lines: list[str]):
    assert [one.line for one in complete(text, VERBS, KNOWN)] == lines


def test_a_query_is_completed_by_the_query_language():
    found = complete("query sev:1 ow", VERBS, KNOWN, query=lambda text: [text + "ner:"])
    assert [one.line for one in found] == ["query sev:1 owner:"]


def test_what_all_completions_begin_with():
    assert shared(complete("status w", VERBS, KNOWN)) == "status waiting-"
    assert shared([]) == ""


def test_every_argument_of_the_registry_is_of_a_known_kind():
    from supporttui.verbs.line import KINDS

    assert {verb.takes for verb in VERBS} - {""} <= KINDS


words = st.sampled_from([verb.id for verb in VERBS]) | st.text(max_size=12)


@settings(max_examples=200, deadline=None)
@given(st.lists(words, max_size=4).map(" ".join) | st.text(max_size=40))
def test_no_text_does_anything_but_mean_something_or_say_what_is_wrong(text: str):
    try:
        call = parse(text, VERBS, KNOWN)
    except LineError as error:
        assert 1 <= error.column <= len(text) + 1
        assert "\n" not in str(error) or "\n" in text
    else:
        assert call.argument is None or call.argument in text or call.verb.takes in KNOWN
    for one in complete(text, VERBS, KNOWN):
        assert one.line and one.word

"""`list`: a page of tickets as text, JSON and TSV, now and as it will stand."""

from __future__ import annotations

import pytest

PROMISED = {"number", "subject", "severity", "status", "owner", "customer", "reported_at", "next_due_at"}


def numbers(shown) -> list[int]:
    return [line["number"] for line in shown]


def test_json_is_a_list_with_what_was_promised(cli):
    cli.report("a", severity=1, customer="Acme", owner="ana")
    (line,) = cli.json("list")
    assert set(line) >= PROMISED
    assert (line["subject"], line["severity"], line["status"], line["owner"], line["customer"]) == (
        "a",
        1,
        "new",
        "ana",
        "Acme",
    )
    assert line["reported_at"] == "2026-11-20T14:00:00Z"
    assert line["next_due_at"] == "2026-11-20T22:00:00Z"
    assert line["overdue"] is False


def test_without_a_query_it_lists_the_open_tickets_by_due_time(cli):
    low, high, done = (
        cli.report("low", severity=4),
        cli.report("high", severity=1),
        cli.report("done", severity=1),
    )
    cli.good("resolve", done)
    assert numbers(cli.json("list")) == [high, low]
    assert set(numbers(cli.json("list", "--all"))) == {low, high, done}


def test_a_query_says_exactly_what_is_listed(cli):
    one, two, three = cli.report(severity=1, owner="ana"), cli.report(severity=2), cli.report(severity=1)
    cli.good("tag", two, "spam")
    assert numbers(cli.json("list", "sev:1", "owner:@me")) == [one]
    assert set(numbers(cli.json("list", "-tag:spam"))) == {one, three}
    assert numbers(cli.json("list", "--json", "sev:2", "--limit", "5", "tag:spam")) == [two]
    assert numbers(cli.good("list", "--json", "--", "-sev:1").json) == [two]
    assert numbers(cli.json("list", f"#{two}")) == [two]


def test_a_severity_by_name(cli):
    one = cli.report(severity=1)
    cli.report(severity=2)
    assert numbers(cli.json("list", 'sev:"System down"')) == [one]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sve:1"], "did you mean"),
        (["sev:zzz"], "is no severity"),
        (["status:opne"], "no status 'opne'"),
        (["sev:1", "("], "column"),
        (["--at", "soonish"], "'soonish' is not a time"),
    ],
)
def test_a_bad_query_points_at_the_word(cli, words, said):
    assert said in cli.bad(64, "list", *words)


@pytest.mark.parametrize("form", [[], ["--json"], ["--tsv"], ["--count"], ["--count", "--json"]])
def test_a_slip_is_no_empty_answer_in_any_form(cli, form):
    cli.report()
    assert "did you mean 'open'?" in cli.bad(64, "list", "status:opne", *form)
    cli.good("list", "status:open", *form)


def test_an_empty_list_says_so(cli):
    assert cli.good("list").out == "no ticket matches\n"
    assert cli.json("list") == []
    assert len(cli.good("list", "--tsv").lines) == 1


def test_order(cli):
    first, second = cli.report("b"), cli.report("a")
    assert numbers(cli.json("list", "--sort", "subject")) == [second, first]
    assert numbers(cli.json("list", "--sort", "subject", "--reverse")) == [first, second]
    assert numbers(cli.json("list", "sort:-number")) == [second, first]
    assert numbers(cli.json("list", "sort:-number", "--reverse")) == [first, second]


def test_a_cut_list_says_that_it_is_cut(cli):
    cli.environ["SUPPORTTUI_PAGE"] = "2"
    for subject in "abc":
        cli.report(subject)
    result = cli.good("list")
    assert len(result.lines) == 3
    assert result.err == "supporttui: the first 2 tickets are shown; --all shows every one, --limit N more\n"
    assert cli.good("list", "--limit", "1").err == ""
    whole = cli.good("list", "--all")
    assert (len(whole.lines), whole.err) == (4, "")
    assert len(cli.json("list")) == 3


def test_count(cli):
    cli.report(severity=1)
    cli.report(severity=2)
    assert cli.good("list", "--count", "sev:1").out == "1\n"
    assert cli.json("list", "--count") == {"count": 2}
    assert cli.good("list", "--count", "--tsv").out == "count\n2\n"


def test_looking_ahead_changes_nothing(cli):
    number = cli.report(severity=1)
    cli.report(severity=4)
    before = cli.json("show", number)
    (line,) = cli.json("list", "overdue", "--at", "2026-11-20 22:00")
    assert (line["number"], line["overdue"], line["overdue_since"]) == (number, True, None)
    assert cli.json("list", "overdue", "--at", "2026-11-20 21:59:59") == []
    assert "OVER" in cli.good("list", "--at", "in 9h").out
    assert cli.json("show", number) == before


def test_text_is_cut_to_the_terminal_and_red_when_overdue(cli):
    cli.report("s" * 300, severity=1)
    cli.report("calm", severity=4)
    cli.terminal, cli.environ["COLUMNS"] = True, "80"
    cli.clock.advance(hours=9)
    lines = cli.good("list").lines
    assert lines[1].startswith("\x1b[1;31m") and "\x1b" not in lines[2]
    assert all(len(line.replace("\x1b[1;31m", "").replace("\x1b[0m", "")) <= 80 for line in lines)
    cli.environ["NO_COLOR"] = "1"
    assert "\x1b" not in cli.good("list").out


def test_a_hostile_subject_is_inert_everywhere(cli):
    cli.report("\x1b]52;c;eA==\x07 \u202e \x9b2J")
    for words in (["list"], ["list", "--tsv"], ["list", "--json"]):
        out = cli.good(*words).out
        assert not any(mark in out for mark in "\x1b\x07\u202e\x9b")


def test_more_than_one_step_of_reading(cli, monkeypatch):
    from supporttui.cli import listing

    monkeypatch.setattr(listing, "STEP", 2)
    made = [cli.report(str(n), severity=4) for n in range(5)]
    assert numbers(cli.json("list", "--sort", "number")) == made
    assert numbers(cli.json("list", "--sort", "number", "--limit", "3")) == made[:3]


def test_a_new_store_is_announced_once(cli):
    assert (
        cli.good("list").err == f"supporttui: {cli.environ['SUPPORTTUI_STORE']}: a new store was made here\n"
    )
    assert cli.good("list").err == ""

"""`log`, `expense`, `timer` and `billing` on the command line."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

POLICY = """
[billing]
unit = "15 min"
currency = "USD"
expenses = ["travel"]

[[rate]]
name = "standard"
hourly = "120.00"
"""


@pytest.fixture
def priced(cli):
    """A desk whose policy has a price."""
    from supporttui.policy.loading import preset_text

    path = cli.home / "priced.toml"
    text = preset_text("netex")
    path.write_text(text[: text.index("[billing]")] + POLICY)
    cli.environ["SUPPORTTUI_POLICY"] = str(path)
    return cli


def charged(cli, number, time, *more):
    return cli.good("log", number, time, "--billable", "--reason", "agreed", *more)


def test_what_was_logged_says_whether_it_is_billable(cli):
    number = cli.report(customer="Acme")
    said = cli.good("log", number, "20", "the dump").out
    assert said.startswith(f"{number} has 20 min logged (not billable")
    shown = cli.json("log", number, "20", "--billable", "--reason", "agreed by telephone")
    assert (shown["worked"]["billable"], shown["worked"]["reason"], shown["worked"]["minutes"]) == (
        True, "agreed by telephone", 20,
    )  # fmt: skip


def test_against_the_verdict_without_a_reason(cli):
    number = cli.report()
    line = cli.bad(64, "log", number, "20", "--billable")
    assert "say why it is billable" in line
    assert cli.json("show", number)["minutes_logged"] == 0


@pytest.mark.parametrize(
    ("option", "value", "begun"),
    [
        ("--started", "2026-11-20 09:00", "2026-11-20T09:00:00Z"),
        ("--at", "2026-11-20 09:00", "2026-11-20T08:15:00Z"),
    ],
)
def test_when_it_was_worked(cli, option, value, begun):
    number = cli.report()
    assert cli.json("log", number, "45", option, value)["worked"]["started_at"] == begun


def test_a_bill_with_money(priced):
    number = priced.report(customer="Acme")
    charged(priced, number, "20", "--started", "2026-11-19 15:00")
    priced.good("log", number, "30", "reading")
    priced.good("expense", number, "travel", "80.10", "train", "--billable", "--reason", "agreed")
    found = priced.json("billing", "--month", "2026-11")
    assert found["totals"]["money"] == {"USD": "140.10"}
    assert found["totals"]["expenses"] == {"USD": "80.10"}
    assert (found["totals"]["worked"], found["totals"]["billed"], found["totals"]["not_billable"]) == (
        50,
        30,
        30,
    )
    assert found["by_customer"][0]["customer"] == "Acme" and found["by_actor"][0]["actor"] == "ana"
    text = priced.good("billing", "--month", "2026-11").out
    assert "2026-11 in America/Chicago, policy netex: open" in text
    assert "USD 60.00" in text and "total" in text and "USD 140.10" in text


def test_hours_without_a_price_say_so(cli):
    number = cli.report()
    charged(cli, number, "20")
    text = cli.good("billing").out
    assert "hours without money: the rate 'time and materials' has no amount" in text
    assert "no money" in text


def test_nothing_worked(cli):
    cli.report()
    assert "nothing was worked or spent" in cli.good("billing", "--month", "last").out
    assert cli.json("billing", "--month", "last")["lines"] == []


def test_csv_runs_no_formula(priced):
    number = priced.report(customer="=HYPERLINK(1)")
    charged(priced, number, "20", "+SUM(A1)")
    head, row = csv.reader(io.StringIO(priced.good("billing", "--csv").out))
    line = dict(zip(head, row, strict=True))
    assert (line["customer"], line["text"]) == ("'=HYPERLINK(1)", "'+SUM(A1)")
    assert (line["billed_minutes"], line["amount"], line["currency"]) == ("30", "60.00", "USD")


def test_of_one_customer_by_name_or_key(priced):
    priced.good("customer", "add", "Acme Corp", "--key", "AC1")
    charged(priced, priced.report(customer="Acme Corp"), "20")
    charged(priced, priced.report(customer="Bolt"), "20")
    for reference, tickets in (("AC1", [1]), ("acme corp", [1]), ("bolt", [2]), ("nobody", [])):
        lines = priced.json("billing", "--customer", reference)["lines"]
        assert [one["ticket"] for one in lines] == tickets, reference


def test_no_byte_of_a_ticket_reaches_a_terminal(priced):
    number = priced.report(customer="Ac\x1b[31mme")
    charged(priced, number, "20", "\x1b]0;owned\x07")
    for form in ((), ("--csv",), ("--json",), ("--tsv",), ("--by", "customer")):
        out = priced.good("billing", *form).out
        assert "\x1b" not in out and "\x07" not in out


def test_freeze_late_entries_and_a_credit(priced):
    number = priced.report(customer="Acme")
    charged(priced, number, "20")
    assert "is not over" in priced.bad(77, "billing", "freeze", "--month", "2026-11")
    priced.clock.set(datetime(2026, 12, 2, 12, tzinfo=UTC))
    frozen = priced.json("billing", "freeze", "--month", "2026-11")
    assert "frozen by ana" in priced.bad(77, "billing", "freeze", "--month", "2026-11")
    assert "frozen" in priced.bad(77, "undo", number)
    late = charged(priced, number, "10", "--started", "2026-11-20 10:00")
    assert late.err == "supporttui: 2026-11 is frozen: this is billed with 2026-12\n"
    again = priced.json("billing", "--month", "2026-11")
    assert again["lines"] == frozen["lines"] and again["digest"] == frozen["digest"]
    assert (again["later_entries"], again["billed_with"]) == (1, "2026-12")
    assert "1 entry for 2026-11 came after it was frozen: billed with 2026-12" in priced.good(
        "billing", "--month", "2026-11"
    ).out  # fmt: skip
    priced.good("billing", "credit", "--month", "2026-11", "--line", "1", "--reason", "wrong ticket")
    december = priced.json("billing", "--month", "2026-12")
    assert [(one["kind"], one["late"], one["amount"]) for one in december["lines"]] == [
        ("time", "2026-11", "30.00"), ("credit", "", "-60.00"),
    ]  # fmt: skip
    assert december["totals"]["money"] == {"USD": "-30.00"}
    assert "already" in priced.bad(
        77, "billing", "credit", "--month", "2026-11", "--line", "1", "--reason", "x"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("billing", "--month", "2026-13"),
        ("billing", "--month", "november"),
        ("billing", "freeze"),
        ("billing", "--line", "1"),
        ("billing", "--csv", "--json"),
        ("billing", "credit", "--month", "2026-11"),
        ("billing", "freeze", "--month", "2026-10", "--customer", "Acme"),
        ("expense", "1", "travel", "ten"),
        ("expense", "1", "yacht", "10"),
        ("log", "1", "20", "--started", "9:00", "--at", "10:00"),
        ("log", "1", "20", "--rate", "gold"),
        ("log", "1", "20", "--at", "in 3h"),
        ("timer", "start"),
        ("timer", "show", "--minutes", "3"),
        ("expense", "1", "travel", "5 XQX"),
        ("timer", "start", "1", "--rate", "standard"),
    ],
)
def test_what_is_written_wrongly_is_one_line(cli, words):
    cli.report()
    cli.bad(64, *words)


def test_the_stopwatch(cli):
    number = cli.report()
    assert "no stopwatch" in cli.good("timer").out
    cli.good("timer", "start", number)
    cli.clock.advance(minutes=12)
    assert cli.good("timer").out == f"the stopwatch on {number} runs at 12 m\n"
    assert cli.json("timer", "pause")["seconds"] == 720
    cli.clock.advance(minutes=30)
    stopped = cli.json("timer", "stop", number, "the dump")
    assert stopped["minutes_logged"] == 12
    assert cli.json("timer") == []


def test_a_forgotten_stopwatch_asks_what_was_worked(cli):
    number = cli.report()
    cli.good("timer", "start", number)
    cli.clock.advance(hours=14)
    assert "what was really worked" in cli.bad(64, "timer", "stop")
    assert cli.json("timer", "stop", "--minutes", "40")["minutes_logged"] == 40


def test_a_discarded_stopwatch_logs_nothing(cli):
    number = cli.report()
    cli.good("timer", "start", number)
    cli.good("timer", "discard")
    assert cli.json("show", number)["minutes_logged"] == 0 and cli.json("timer") == []


def test_the_documented_shapes_are_the_printed_ones(priced):
    text = (Path(__file__).parents[3] / "docs" / "json.md").read_text(encoding="utf-8")

    def documented(heading: str) -> set[str]:
        part = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
        firsts = re.findall(r"^\| (`[^|]*) \|", part, re.MULTILINE)
        return set(re.findall(r"`([a-z_]+)`", " ".join(firsts)))

    number = priced.report(customer="Acme")
    assert documented("Worked") == set(priced.json("log", number, "20")["worked"])
    bill = priced.json("billing")
    assert documented("Bill") == set(bill)
    said = text.split("\nA line has ", 1)[1]
    line, sums = said.split("\nSums have ", 1)
    assert set(re.findall(r"`([a-z_]+)`", line)) == set(bill["lines"][0])
    assert set(re.findall(r"`([a-z_]+)`", sums.split("\n", 1)[0])) == set(bill["totals"])
    priced.good("timer", "start", number)
    (row,) = re.findall(r"A row of `timer --json`: (.*)", text)
    assert set(re.findall(r"`([a-z_]+)`", row)) == set(priced.json("timer")[0])

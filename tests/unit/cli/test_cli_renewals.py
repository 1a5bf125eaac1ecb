"""`renewals`, `contract quote` and `contract renew` on the command line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


@pytest.fixture
def desk(cli):
    """X NET's desk on 20 November 2026 with one package that ends on 31 December, and its licence."""
    cli.environ["SUPPORTTUI_POLICY"] = "xnet"
    cli.good("customer", "add", "Acme Sdn Bhd")
    cli.good("product", "add", "Exporter")
    add(cli, "C-1", "2026-01-01", "2026-12-31")
    cli.good("licence", "add", "--customer=Acme Sdn Bhd", "--product=Exporter", "--number=L-1", "--price=MYR 999.99", "--package=C-1")  # fmt: skip
    return cli


def add(cli, number, first, last):
    words = (f"--number={number}", f"--start-on={first}", f"--end-on={last}")
    cli.good("contract", "add", "--customer=Acme Sdn Bhd", "--plan=smp-1y", *words)


def test_the_list_says_who_may_renew_until_when_and_at_what_price(desk) -> None:
    heading, row = desk.good("renewals").lines
    assert (
        heading.split() == "last day state renew until contract customer products smp-1y smp-2y note".split()
    )
    assert (
        " ".join(row.split())
        == "2026-12-31 may renew 2026-12-31 C-1 Acme Sdn Bhd Exporter MYR 150.00 MYR 200.00"
    )
    (found,) = desk.json("renewals")
    assert found["prices"] == {"smp-1y": "150.00", "smp-2y": "200.00"}
    assert (found["state"], found["opens"], found["closes"]) == ("open", "2026-10-02", "2026-12-31")
    heading, row = desk.good("renewals", "--tsv").lines
    facts = dict(zip(heading.split("\t"), row.split("\t"), strict=True))
    assert (facts["number"], facts["last"], facts["smp-2y"]) == ("C-1", "2026-12-31", "200.00")


def test_the_list_reaches_as_far_as_it_is_asked(desk) -> None:
    add(desk, "C-2", "2026-01-01", "2027-02-19")
    add(desk, "C-3", "2026-01-01", "2026-11-19")
    numbers = lambda *words: [one["number"] for one in desk.json("renewals", *words)]  # noqa: E731
    assert numbers() == ["C-1"]
    assert numbers("--within", "91d") == ["C-1", "C-2"]
    assert numbers("--within", "13w") == ["C-1", "C-2"]
    assert numbers("--within", "40") == []
    assert numbers("--lapsed", "1d") == ["C-3", "C-1"]
    assert numbers("--all") == ["C-3", "C-1", "C-2"]
    empty = desk.good("renewals", "--within=0")
    assert (empty.out, empty.err) == (
        "",
        "supporttui: no package ends in that time; renewals --all lists every period\n",
    )
    for number in ("C-1", "C-2", "C-3"):
        desk.good("contract", "set", number, "--end-on=")
    assert "no contract with a last day is on file" in desk.good("renewals", "--all").err
    assert "leave --within and --lapsed out" in desk.bad(64, "renewals", "--all", "--within=3d")
    assert "not in whole days" in desk.bad(64, "renewals", "--within=3h")


def test_a_quote_names_the_days_the_prices_and_what_they_rest_on(desk) -> None:
    said = desk.good("contract", "quote", "C-1").out
    for words in (
        "contract C-1, Acme Sdn Bhd", "may be renewed from 2026-10-02 until 2026-12-31",
        "SMP, one year (smp-1y), 2027-01-01 to 2027-12-31: MYR 150.00",
        "SMP, two years (smp-2y), 2027-01-01 to 2028-12-31: MYR 200.00",
        "rounded half up to whole 0.01 MYR", "Exporter (L-1): MYR 999.99",
    ):  # fmt: skip
        assert words in said
    found = desk.json("contract", "quote", "C-1", "--plan=2")
    (quote,) = found["quotes"]
    assert (quote["price"], quote["base"], quote["final"], quote["last"]) == (
        "200.00",
        "999.99",
        True,
        "2028-12-31",
    )
    assert quote["lines"][0]["share"] == "199.998"
    row = desk.good("contract", "quote", "#1", "--tsv").lines[1]
    assert row.split("\t") == [
        "C-1",
        "smp-1y",
        "2027-01-01",
        "2027-12-31",
        "MYR",
        "999.99",
        "150.00",
        "yes",
        "",
        "",
    ]


def test_a_quote_says_what_is_missing_instead_of_guessing(desk) -> None:
    desk.good(
        "licence", "add", "--customer=Acme Sdn Bhd", "--product=Exporter", "--number=L-2", "--package=C-1"
    )
    said = desk.good("contract", "quote", "C-1").out
    assert "2027-12-31: not known" in said
    assert "missing: the purchase price of Exporter (L-2) isn't on file" in said
    renewed = desk.good("contract", "renew", "C-1", "--plan=1")
    assert "price left open" in renewed.out
    assert "purchase price of Exporter (L-2)" in renewed.err


def test_a_renewal_is_written_once_and_undone(desk) -> None:
    done = desk.json("contract", "renew", "C-1", "--plan=smp-2y", "--number=C-1/2")
    assert (done["start_on"], done["end_on"], done["price"], done["currency"]) == (
        "2027-01-01", "2028-12-31", "200.00", "MYR",
    )  # fmt: skip
    assert (done["ordered_on"], done["package"], done["number"]) == ("2026-11-20", 1, "C-1/2")
    assert "is renewed already: C-1/2 runs from 2027-01-01 to 2028-12-31" in desk.bad(77, "contract", "renew", "C-1", "--plan=1")  # fmt: skip
    desk.good("undo")
    assert desk.good("contract", "renew", "C-1", "--plan=1", "--price=MYR 120").out.endswith(
        "MYR 120.00 (#3)\n"
    )


@pytest.mark.parametrize(
    ("at", "words", "code", "line"),
    [
        ("2026-10-01", (), 77, "can be renewed from 2026-10-02 until 2026-12-31, not on 2026-10-01"),
        ("2027-01-01", (), 77, "lapsed: a renewal had to be ordered by 2026-12-31"),
        ("2027-01-01", ("--force", "--reason=late post"), 77, "lapsed"),
        ("2026-11-20", ("--force",), 64, "--force and --reason TEXT go together"),
        ("2026-11-20", ("--ordered=2026-11-21",), 77, "lies ahead: today is 2026-11-20"),
        ("2026-11-20", ("--ordered=soon",), 64, "is no date"),
        ("2026-11-20", ("--price=a lot",), 64, "is no amount"),
        ("2026-11-20", ("--price=EUR 1",), 64, "is in EUR, but contract C-1 is in MYR"),
        ("2026-11-20", ("--if-version=9",), 75, "changed while you looked"),
    ],
)
def test_what_is_refused_is_refused_in_one_line(desk, at, words, code, line) -> None:
    day = datetime.fromisoformat(at)
    desk.clock.set(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
    assert line in desk.bad(code, "contract", "renew", "C-1", "--plan=1", *words)
    assert len(desk.json("renewals", "--all")) == 1


def test_an_unknown_plan_or_contract_names_what_there_is(desk) -> None:
    assert "it may be smp-1y or smp-2y" in desk.bad(64, "contract", "renew", "C-1", "--plan=gold")
    assert "C-9" in desk.bad(66, "contract", "renew", "C-9", "--plan=1")


def test_a_policy_without_packages_says_so(desk) -> None:
    for words in (("renewals",), ("contract", "quote", "C-1"), ("contract", "renew", "C-1", "--plan=1")):
        assert "the policy 'netex' sells no support packages" in desk.bad(77, *words, "--policy=netex")


def test_policy_check_explains_both_sentences(desk) -> None:
    said = desk.good("policy", "check", "xnet").out
    assert "note: package.renewal_days: a renewal can be ordered from 90 days before the last day" in said
    assert (
        'note: package.purchase_reading: "2 weeks before the last one expires" is read as the last call'
        in said
    )
    assert "package" not in desk.good("policy", "check", "netex").out

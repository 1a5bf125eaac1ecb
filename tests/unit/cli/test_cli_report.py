"""`report`: what it prints is what other programs rely on."""

from __future__ import annotations

import pytest


def test_it_prints_the_number(cli):
    first = cli.json("report", "--subject", "one")
    second = cli.json("report", "--subject", "two")
    assert second["number"] == first["number"] + 1


def test_every_field_arrives(cli):
    fields = {
        "subject": "HyperIP tunnel drops",
        "customer": "Acme Corp",
        "contact": "J. Ortiz",
        "contact_email": "j@acme.example",
        "contact_phone": "+1 612 555 0142",
        "site": "0417",
        "product": "HyperIP",
        "release": "6.1",
        "os": "Linux",
        "os_release": "9",
        "channel": "phone",
        "category": "problem",
        "description": "It drops.\nOften.",
        "external_id": "X-1",
        "owner": "raj",
    }
    words = [f"--{name.replace('_', '-')}={value}" for name, value in fields.items()]
    shown = cli.json("report", *words, "--severity", "2", "--tag", "vpn", "--tag", "wan")
    assert {name: shown[name] for name in fields} == fields
    assert (shown["severity"], shown["status"], shown["tags"], shown["missing"]) == (
        2,
        "new",
        ["vpn", "wan"],
        [],
    )


def test_the_subject_may_stand_alone(cli):
    assert cli.json("report", "printer burns", "--severity", "2")["subject"] == "printer burns"
    assert "given twice" in cli.bad(64, "report", "a", "--subject", "b")


def test_the_clock_starts_at_the_report(cli):
    number = cli.report(severity=1, channel="phone", reported_at="2026-11-20T10:00:00Z")
    shown = cli.json("show", number)
    assert shown["reported_at"] == "2026-11-20T10:00:00Z"
    assert [line["due_at"] for line in shown["deadlines"]] == ["2026-11-20T18:00:00Z", "2026-11-21T10:00:00Z"]


def test_a_local_time_is_read_in_the_zone_of_the_settings(cli):
    cli.environ["SUPPORTTUI_ZONE"] = "America/Chicago"
    shown = cli.json("report", "--subject", "x", "--reported-at", "2026-11-20 07:30")
    assert shown["reported_at"] == "2026-11-20T13:30:00Z"


def test_the_description_can_come_from_standard_input(cli):
    shown = cli.json("report", "--subject", "x", "--description", "-", stdin="line one\nline two\n")
    assert shown["description"] == "line one\nline two"


def test_what_the_policy_asks_for_is_a_hint_and_a_list(cli):
    cli.report()
    result = cli.good("report", "--subject", "x", "--customer", "Acme", "--json")
    assert "product" in result.json["missing"] and "customer" not in result.json["missing"]
    assert "--product" in result.err and result.err.count("\n") == 1


def test_a_severity_by_name(cli):
    assert cli.json("report", "--subject", "x", "--severity", "System down")["severity"] == 1


def test_the_owner_may_be_oneself(cli):
    assert cli.json("report", "--subject", "x", "--owner", "@me")["owner"] == "ana"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 64, "a ticket needs a subject"),
        (["--subject", "  "], 64, "a ticket needs a subject"),
        (["--subject", "x" * 501], 64, "501 characters"),
        (["--subject", "x", "--severity", "9"], 64, "severity '9'"),
        (["--subject", "x", "--severity", "9" * 40], 64, "severity"),
        (["--subject", "x", "--environment", "prodution"], 64, "did you mean 'production'?"),
        (["--subject", "x", "--reported-at", "yesterdy"], 64, "'yesterdy' is not a time"),
        (["--subject", "x", "--reported-at", "2030-01-01 10:00"], 64, "future"),
        (["--subject", "x", "--reachable", "perhaps"], 64, "it may be yes, no"),
        (["--subject", "x", "--tag", "two words"], 64, "can't be a tag"),
        (["--subject", "x", "--sevrity", "1"], 64, "did you mean '--severity'?"),
    ],
)
def test_bad_input_is_one_line(cli, words, code, said):
    assert said in cli.bad(code, "report", *words)
    assert cli.json("list", "--all") == []


def test_an_external_id_is_unique(cli):
    number = cli.report(external_id="X-1")
    assert str(number) in cli.bad(64, "report", "--subject", "again", "--external-id", "X-1")


def test_bytes_that_are_no_text_become_marks(cli):
    odd = b"caf\xe9".decode("utf-8", "surrogateescape")
    assert cli.json("report", "--subject", odd)["subject"] == "caf\N{REPLACEMENT CHARACTER}"


def test_too_much_standard_input_is_refused(cli):
    assert "longer than 8 MB" in cli.bad(
        65, "report", "--subject", "x", "--description", "-", stdin="x" * 8_000_001
    )


def test_text_and_tsv(cli):
    line = cli.good("report", "--subject", "x", "--severity", "1").out
    assert line.startswith("1 reported: severity 1, new, no owner, next due Fri 20 Nov 2026 22:00 UTC")
    head, row = cli.good("report", "--subject", "y", "--tsv").lines
    assert dict(zip(head.split("\t"), row.split("\t"), strict=True))["subject"] == "y"


def test_an_unlisted_channel_is_kept_and_said(cli):
    done = cli.good("report", "--subject", "x", "--channel", "fone")
    assert "no channel 'fone'; did you mean 'phone'?" in done.err

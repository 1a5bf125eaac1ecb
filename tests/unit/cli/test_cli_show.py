"""`show`: a ticket with deadlines, journal and links."""

from __future__ import annotations

DEADLINE = {
    "ticket",
    "key",
    "kind",
    "role",
    "level",
    "label",
    "due_at",
    "state",
    "fired_at",
    "clause",
    "reason",
}
ENTRY = {"at", "actor", "kind", "text", "public", "data"}


def test_json_has_what_was_promised(cli):
    number = cli.report("a", severity=1, customer="Acme")
    shown = cli.json("show", number)
    assert shown["subject"] == "a"
    assert [line["role"] for line in shown["deadlines"]] == ["director", "president"]
    for line in shown["deadlines"]:
        assert set(line) >= DEADLINE
        assert (line["ticket"], line["kind"], line["state"], line["fired_at"]) == (
            number,
            "escalation",
            "armed",
            None,
        )
    (entry,) = shown["journal"]
    assert set(entry) >= ENTRY
    assert (entry["at"], entry["actor"], entry["kind"]) == ("2026-11-20T14:00:00Z", "ana", "reported")


def test_a_fired_rung_is_in_the_journal_as_escalated(cli):
    number = cli.report(severity=1)
    cli.clock.advance(hours=8)
    cli.good("tick")
    shown = cli.json("show", number)
    assert [line["state"] for line in shown["deadlines"]] == ["fired", "armed"]
    assert shown["deadlines"][0]["fired_at"] == "2026-11-20T22:00:00Z"
    entry = shown["journal"][-1]
    assert (entry["kind"], entry["data"]["role"], entry["actor"]) == ("escalated", "director", "clock")


def test_the_journal_is_oldest_first_and_marks_what_was_taken_back(cli):
    number = cli.report()
    cli.good("note", number, "seen it before")
    cli.good("undo", number)
    journal = cli.json("show", number)["journal"]
    assert [(entry["kind"], entry["undone"]) for entry in journal] == [
        ("reported", False),
        ("note", True),
        ("undone", False),
    ]
    assert "(taken back)" in cli.good("show", number).out


def test_text_has_all_of_it(cli):
    number = cli.report(
        "a printer burns", severity=2, customer="Acme", contact_phone="+1", description="smoke\nfire"
    )
    other = cli.report("other")
    cli.good("link", number, other)
    cli.good("reply", number, "use water")
    out = cli.good("show", number).out
    for words in (
        "a printer burns",
        "Acme",
        "+1",
        "    smoke",
        "    fire",
        "use water",
        "(public)",
        f"{other} (related)",
    ):
        assert words in out
    assert "Director of Customer Services" in out


def test_void_deadlines_are_shown_when_asked_for(cli):
    number = cli.report(severity=1)
    cli.good("resolve", number)
    assert "No deadline runs." in cli.good("show", number).out
    assert "void (resolved)" in cli.good("show", number, "--void").out
    assert {line["state"] for line in cli.json("show", number)["deadlines"]} == {"void"}


def test_a_hostile_ticket_is_inert(cli):
    number = cli.report("\x1b]0;x\x07", customer="\x9b2J", description="a\x1b[2Jb\r\nc\u202e", severity=1)
    for words in (
        ["show", number],
        ["show", number, "--json"],
        ["show", number, "--tsv"],
        ["explain", number],
    ):
        out = cli.good(*words).out
        assert not any(mark in out for mark in "\x1b\x07\u202e\x9b\r")


def test_a_ticket_that_is_not_there(cli):
    assert cli.bad(66, "show", "7") == "there is no ticket 7"

"""`call` and `status`: a telephone call from the command line, and what is read out over it."""

from __future__ import annotations


def test_status_is_the_same_text_for_a_number_and_a_reference(cli):
    cli.good("report", "tunnel drops", "--severity", "2", "--customer", "Acme Corp")
    by_number = cli.good("status", "1")
    reference = by_number.lines[0].rpartition(" ")[2]
    assert cli.good("status", reference.upper()).out == by_number.out
    assert by_number.lines[1] == "Status: we have received it; an analyst takes it up next."
    assert "tunnel" not in by_number.out and "Acme" not in by_number.out


def test_status_as_json_holds_the_text_too(cli):
    cli.good("report", "tunnel drops", "--severity", "2")
    cli.good("reply", "1", "We look at it.")
    shown = cli.good("status", "1", "--json").json
    assert shown["state"] == "open" and shown["update"] == "We look at it."
    assert shown["text"].splitlines()[0] == f"Problem 1, reference {shown['reference']}"
    assert cli.good("status", "1", "--tsv").lines[0].startswith("number\treference\tstate")


def test_what_is_no_number_and_no_reference_is_one_line(cli):
    cli.good("report", "tunnel drops")
    for wrong in ("2", "1-aaaaaaaaaaaaaaaa", "tunnel"):
        cli.bad(66, "status", wrong)


def test_a_reply_is_shown_inert(cli):
    cli.good("report", "tunnel drops")
    cli.good("reply", "1", "a\x1b]52;c;eA==\x07b")
    out = cli.good("status", "1").out
    assert "\x1b" not in out and "\x07" not in out and "␛]52" in out


def test_a_call_that_came_in_ends_the_wait(cli):
    cli.good("report", "tunnel drops", "--contact", "Joe", "--contact-phone", "+1 612 555 0142")
    cli.good("set", "1", "--status", "waiting-customer")
    done = cli.good("call", "1", "It works again.", "--from", "612 555 0142", "--at", "10m ago")
    assert "1 called" in done.out and "open" in done.out
    assert "called by Joe, 612 555 0142" in cli.good("show", "1").out


def test_a_call_out_goes_to_the_number_that_was_left_last(cli):
    cli.good("report", "tunnel drops", "--contact", "Joe", "--contact-phone", "+1 612 555 0142")
    cli.good("call", "1", "--to", "", "--no-answer")
    assert "called Joe, +1 612 555 0142: nobody answered" in cli.good("show", "1").out
    cli.good("undo")
    assert "taken back" in cli.good("show", "1").out


def test_who_called_must_be_said(cli):
    cli.good("report", "tunnel drops")
    assert "--from" in cli.bad(64, "call", "1", "x")
    cli.bad(64, "call", "1", "x", "--from", "1", "--to", "2")
    cli.bad(64, "call", "1", "x", "--from", "1", "--at", "in 2h")
    cli.bad(64, "call", "1", "--from", "1", "--no-answer")


def test_a_report_may_leave_a_number_to_call_back(cli):
    number = cli.report(contact="Joe", contact_phone="+1 612 1", callback="+1 612 2")
    assert "to be called back at +1 612 2" in cli.good("show", number).out
    cli.good("call", number, "Asked for the dump.", "--to", "")
    assert cli.json("show", number)["journal"][-1]["data"] == {
        "way": "out",
        "phone": "+1 612 2",
        "person": "Joe",
    }

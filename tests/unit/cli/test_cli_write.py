"""`reply` and `note`."""

from __future__ import annotations


def last(cli, number):
    return cli.json("show", number)["journal"]


def test_a_reply_is_public_and_opens_a_new_ticket(cli):
    number = cli.report()
    assert cli.json("reply", number, "We have it.")["status"] == "open"
    reply = next(entry for entry in last(cli, number) if entry["kind"] == "reply")
    assert (reply["text"], reply["public"], reply["actor"]) == ("We have it.", True, "ana")


def test_a_reply_may_move_the_ticket(cli):
    number = cli.report()
    assert (
        cli.json("reply", number, "--status", "waiting-customer", "Which release?")["status"]
        == "waiting-customer"
    )


def test_a_note_stays_inside(cli):
    number = cli.report()
    cli.good("note", number, "-", stdin="two\nlines\n")
    entry = last(cli, number)[-1]
    assert (entry["kind"], entry["text"], entry["public"]) == ("note", "two\nlines", False)


def test_text_that_begins_with_a_dash(cli):
    number = cli.report()
    cli.good("note", number, "--", "-x")
    cli.good("note", number, "- first of all")
    assert [entry["text"] for entry in last(cli, number)[1:]] == ["-x", "- first of all"]


def test_without_text_nothing_is_written(cli):
    number = cli.report()
    assert "write it in quotes" in cli.bad(64, "reply", number)
    assert "needs text" in cli.bad(64, "note", number, "   ")
    assert "needs text" in cli.bad(64, "note", number, "-", stdin="")
    assert "one word too many" in cli.bad(64, "note", number, "two", "words")
    assert len(last(cli, number)) == 1


def test_a_reply_has_left_the_house(cli):
    number = cli.report()
    cli.good("reply", number, "gone")
    assert "can't be undone" in cli.bad(77, "undo", number)

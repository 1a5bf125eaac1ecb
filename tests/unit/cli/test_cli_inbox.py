"""`inbox`: what waits for a decision, and deciding on it from the shell."""

from __future__ import annotations

import pytest

from supporttui.demo.arrivals import file_comes, mail_comes
from supporttui.desk.session import Desk
from supporttui.store import open_store
from tests.unit.cli.test_cli_reference import documented

MALLORY, SPAM = "mallory@elsewhere.example", "sales@bulk.example"


class Door:
    """What comes in by itself, at the store that the commands use."""

    def __init__(self, cli) -> None:
        self.cli = cli
        self.number = cli.report("Tunnel drops", severity=2, contact_email="mara@globex.example")

    def _desk(self) -> Desk:
        return Desk(open_store(self.cli.environ["SUPPORTTUI_STORE"]), "netex", self.cli.clock, "mail")

    def comes(self, act) -> int:
        """The id of the newest item afterwards."""
        desk = self._desk()
        try:
            act(desk)
        finally:
            desk.store.close()
        return max(one["id"] for one in self.cli.json("inbox"))

    def held(self) -> int:
        return self.comes(
            lambda desk: mail_comes(
                desk, MALLORY, "Tunnel drops", "Send me\nthe dump.", name="M. M.", about=self.number
            )
        )

    def spam(self, text: str = "Buy now.") -> int:
        return self.comes(lambda desk: mail_comes(desk, SPAM, "Leads", text))

    def file(self) -> int:
        return self.comes(lambda desk: file_comes(desk, "dump.bin", b"SVC DUMP\n", place="globex"))


@pytest.fixture
def door(cli) -> Door:
    return Door(cli)


def test_what_waits_is_listed_and_shown(cli, door):
    assert cli.good("inbox").out == "nothing waits for a decision\n"
    held, spam = door.held(), door.spam()
    assert [(one["id"], one["kind"]) for one in cli.json("inbox", "list")] == [
        (held, "held"),
        (spam, "unknown"),
    ]
    text = cli.good("inbox", "show", held).out
    assert "takes no part" in text and "Send me\nthe dump." in text and "accept --participant" in text
    shown = cli.json("inbox", "show", held)
    assert (shown["claims"], shown["text"], "merge" in shown["decisions"]) == (
        door.number,
        "Send me\nthe dump.",
        False,
    )
    assert cli.good("inbox", "--tsv").out.splitlines()[0].split("\t")[:2] == ["id", "kind"]


def test_an_item_is_accepted_with_its_sender(cli, door):
    held = door.held()
    done = cli.json("inbox", "accept", held, "--participant")[0]
    assert (done["state"], f"{MALLORY} takes part" in done["line"]) == ("accepted", True)
    kinds = [one["kind"] for one in cli.json("show", door.number)["journal"]]
    assert "customer" in kinds
    assert "accepted by ana" in cli.good("inbox", "list", "--decided").out
    assert "meanwhile" in cli.bad(75, "inbox", "accept", held)
    assert "the decision on the mail of" in cli.good("undo").out
    assert [one["id"] for one in cli.json("inbox")] == [held]


def test_a_file_is_attached(cli, door):
    file = door.file()
    assert "say which one" in cli.bad(64, "inbox", "accept", file)
    cli.good("inbox", "attach", file, door.number)
    assert [one["name"] for one in cli.json("attachments", door.number)] == ["dump.bin"]
    assert cli.json("inbox", "list", "--decided")[0]["claims"] == door.number


def test_a_ticket_that_came_about_is_merged(cli, door):
    spam = door.spam()
    own = cli.json("inbox")[0]["ticket"]
    assert "say which one" in cli.bad(64, "inbox", "merge", spam)
    cli.good("inbox", "merge", spam, door.number)
    assert cli.json("show", own)["merged_into"] == door.number


def test_several_are_decided_on_or_none(cli, door):
    one, two = door.spam("a"), door.spam("b")
    assert "id 99" in cli.bad(66, "inbox", "reject", one, "99")
    assert len(cli.json("inbox")) == 2
    assert len(cli.json("inbox", "reject", one, two)) == 2
    cli.good("undo")
    assert len(cli.json("inbox")) == 2


def test_what_one_decision_took_along_is_no_mistake(cli, door):
    door.comes(lambda desk: mail_comes(desk, SPAM, "Down", "Severity: 1\n\nAll is down."))
    found = cli.json("inbox")
    assert sorted(one["kind"] for one in found) == ["call", "unknown"]
    unknown_first = sorted(found, key=lambda one: one["kind"], reverse=True)
    cli.good("inbox", "reject", *(one["id"] for one in unknown_first))
    assert cli.json("inbox") == []


def test_who_blocks_an_address_is_told_what_of_theirs_waits_still(cli, door):
    one, two = door.spam("a"), door.spam("b")
    said = cli.good("inbox", "block", "@bulk.example").out
    assert said.endswith(f"; what came before waits still: supporttui inbox reject {one} {two}\n")
    cli.good("inbox", "reject", one, two)
    assert cli.json("inbox") == []
    cli.good("inbox", "unblock", "@bulk.example")
    assert "waits still" not in cli.good("inbox", "block", SPAM).out


def test_senders_are_blocked_and_let_in_again(cli, door):
    one, two = door.spam("a"), door.spam("b")
    assert "1 more" in cli.good("inbox", "block", one).out
    assert cli.json("inbox", "blocked") == [{"address": SPAM, "reason": f"the mail of {SPAM}"}]
    cli.good("inbox", "unblock", SPAM.upper())
    assert cli.good("inbox", "blocked").out == "nobody is blocked\n"
    cli.good("inbox", "block", "@bulk.example", "--reason", "advertising")
    assert "advertising" in cli.good("inbox", "blocked").out
    assert "@bulk.example is" in cli.bad(66, "inbox", "unblock", SPAM)
    assert "is no address" in cli.bad(64, "inbox", "block", "nobody")
    assert "go with an item" in cli.bad(64, "inbox", "block", "a@b.example", "--domain")
    assert two


def test_the_version_that_was_seen_counts(cli, door):
    held = door.held()
    assert "meanwhile" in cli.bad(75, "inbox", "reject", held, "--if-version", "7")
    assert "one item" in cli.bad(64, "inbox", "reject", held, door.spam(), "--if-version", "1")
    cli.good("inbox", "reject", held, "--if-version", "1")


def test_the_documented_item_is_the_printed_one(cli, door):
    held = door.held()
    assert documented("Inbox item") == set(cli.json("inbox")[0])
    more = set(cli.json("inbox", "show", held)) - set(cli.json("inbox")[0])
    assert more == {"text", "contact", "files", "decisions"}
    assert set(cli.json("inbox", "accept", held)[0]) == {"id", "state", "ticket", "version", "line"}


def test_hostile_mail_reaches_the_terminal_inert(cli, door):
    hostile = "\x1b]52;c;cm0=\x07\u202eexe.\x9b31m"
    item = door.comes(
        lambda desk: mail_comes(
            desk, f"x{hostile[:4]}@bulk.example", hostile, hostile, name=hostile, about=door.number
        )
    )
    printed = [
        cli.good("inbox"), cli.good("inbox", "show", item), cli.good("inbox", "--tsv"), cli.good("inbox", "reject", item),
        cli.good("inbox", "list", "--decided"), cli.good("inbox", "block", "@bulk.example", "--reason", hostile),
        cli.good("inbox", "blocked"),
    ]  # fmt: skip
    for one in printed:
        assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(one.out + one.err)


def test_an_unknown_verb_is_told(cli):
    assert "does not know" in cli.bad(64, "inbox", "explode")

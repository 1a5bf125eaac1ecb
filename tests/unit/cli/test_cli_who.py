"""`who`: consoles tell where they are, dead ones are not believed, and nothing of it is obeyed by a terminal."""

from __future__ import annotations

from datetime import timedelta

from supporttui.store import open_store
from supporttui.store.presence import Lease


def says(cli, actor: str, number: int, doing: str = "", *, ago: int = 0, console: str = "") -> None:
    now = cli.clock.now() - timedelta(seconds=ago)
    with open_store(cli.environ["SUPPORTTUI_STORE"]) as store:
        since = now - timedelta(minutes=2)
        store.presence.say(Lease(console or actor, actor, number, doing, since, now, 1))


def test_who_is_where(cli):
    number = cli.report("Tunnel drops")
    assert cli.good("who").out == "nobody is on a ticket now\n"
    assert cli.json("who") == []
    says(cli, "raj", number)
    says(cli, "ana", number, "reply")
    says(cli, "gone", number, ago=90)
    assert cli.json("who")[0] == {
        "actor": "ana", "ticket": number, "doing": "reply", "seconds": 120, "subject": "Tunnel drops",
    }  # fmt: skip
    lines = cli.good("who").lines
    assert [line.split()[0] for line in lines] == ["who", "ana", "raj"]
    assert "writes a reply" in lines[1] and "2 m" in lines[1] and "reads" in lines[2]
    assert cli.good("who", number + 1).out == "nobody is on a ticket now\n"
    assert cli.good("who", number, "--tsv").lines[1].split("\t")[:3] == ["ana", str(number), "reply"]


def test_hostile_names_are_inert(cli):
    number = cli.report("Tunnel drops")
    says(cli, "\x1b]0;x\x07\u202eeve", number, "\x1b[2J", console="c")
    for words in (["who"], ["who", "--tsv"], ["who", "--json"]):
        out = cli.good(*words).out
        assert not {"\x1b", "\x07", "\u202e"} & set(out)


def test_without_a_store_there_is_one_clear_line(cli):
    assert "no store" in cli.bad(66, "who")

"""The quick ends of `hostile_mails.py` and `kill_gateway.py`, in every test run; the figures are those commands'."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from supporttui.store import open_store
from tests.crash import hostile_mails, kill_gateway
from tests.crash.nasty_mails import MAKERS, nasty


@pytest.fixture
def site(tmp_path: Path) -> hostile_mails.Site:
    tmp_path.chmod(0o700)
    made = hostile_mails.Site(tmp_path)
    made.fill()
    return made


def test_hostile_mails_are_kept_on_record_and_seen(site: hostile_mails.Site) -> None:
    told = hostile_mails.deliver(site, 3, range(60))
    assert told["faults"] == [] and sum(told["outcomes"].values()) == 60
    assert hostile_mails.whole(site) == []


def test_the_generator_repeats_itself_and_uses_all_that_it_has() -> None:
    assert nasty(1, 17) == nasty(1, 17) and nasty(1, 17) != nasty(2, 17)
    done = {name for number in range(600) for name in nasty(1, number)[1].split(" + ")}
    assert {made.__name__ for made in MAKERS} <= done


def test_the_judge_of_hostile_mails_finds_what_is_wrong(site: hostile_mails.Site) -> None:
    """A check that can't fail would prove nothing."""
    raw = [b"From: a%d@b.example\r\nSubject: x%d\r\n\r\nhello\r\n" % (at, at) for at in range(4)]
    with open_store(str(site.path)) as store:
        gateway = site.gateway(store)
        for one in raw:
            assert list(hostile_mails.unlike(gateway, store, one, gateway.deliver([one]).outcome)) == []
        kept = gateway.blobs.path(hashlib.sha256(raw[0]).hexdigest())
        kept.chmod(0o600)
        kept.write_bytes(b"changed")
        with store.write():
            hashes = [hashlib.sha256(one).hexdigest() for one in raw]
            store.execute("DELETE FROM message WHERE raw_hash = ?", (hashes[1],))
            store.execute("UPDATE message SET ticket = 0 WHERE raw_hash = ?", (hashes[2],))
            store.execute("DELETE FROM intake_item")
            store.execute("UPDATE message SET kind = 'fallback' WHERE raw_hash = ?", (hashes[3],))
        found = [next(hostile_mails.unlike(gateway, store, one, "new"), "").split(":")[0] for one in raw]
        assert list(hostile_mails.unlike(gateway, store, raw[1], "duplicate")) == []
    assert found == ["lost", "lost", "unseen", "unseen"]


def test_a_gateway_that_is_killed_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kill_gateway.main(["--kills", "10", "--servers", "3", "--seed", "5"]) == 0
    assert "0 lost, 0 twice" in capsys.readouterr().out


def test_the_judge_of_kills_finds_what_is_wrong(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    site = kill_gateway.Site(tmp_path, 1, 0)
    for number in (1, 2, 3):
        site.given.add(number)
        assert kill_gateway.attempt(site, number, None)
    assert kill_gateway.judge(site) == {}
    site.given.add(4)
    site.accepted.add(4)
    with open_store(str(tmp_path / "desk.sqlite3")) as store, store.write():
        store.execute("UPDATE ticket SET subject = 'Problem 1' WHERE subject = 'Problem 2'")
    wrong = kill_gateway.judge(site)
    assert wrong["lost"] == [2, 4] and wrong["twice"] == [1]

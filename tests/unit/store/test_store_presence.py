"""Presence beside the store: advice that costs the store nothing and never gets in anybody's way."""

from __future__ import annotations

import os
import stat
import time
from datetime import timedelta

import apsw
import pytest

from supporttui.store import journal, open_store
from supporttui.store.presence import SUFFIX, Lease, Seen


@pytest.fixture
def file(path):
    return path.with_name(path.name + SUFFIX)


@pytest.fixture
def other(store, path):
    with open_store(path) as opened:
        yield opened.presence


def lease(now, actor="ana", ticket=7, doing="", beats=1, console="c1") -> Lease:
    return Lease(console, actor, ticket, doing, now, now, beats)


def test_what_one_says_the_other_reads_and_the_store_does_not_notice(store, other, now):
    before = store.data_version()
    assert store.presence.changed() and not store.presence.changed()
    said = lease(now, doing="reply")
    assert other.say(said)
    assert store.presence.changed() and not store.presence.changed()
    assert store.presence.leases() == (said,)
    assert store.data_version() == before
    assert other.say(said._replace(ticket=8, beats=2))
    assert [one.ticket for one in store.presence.leases()] == [8]
    other.leave("c1")
    assert store.presence.leases() == ()


def test_marks_only_grow(store, other, now):
    assert other.saw("ana", 7, 40, now)
    assert other.saw("ana", 7, 12, now + timedelta(hours=1))
    assert store.presence.seen("ana", [7, 8]) == {7: Seen(40, now)}
    assert store.presence.seen("raj", [7]) == {}
    assert len(store.presence.seen("ana", range(5000))) == 1


def test_old_leases_are_cleared_away(store, other, now):
    other.say(lease(now, console="dead"))
    store.presence.say(lease(now + timedelta(hours=2), console="live"))
    assert [one.console for one in store.presence.leases()] == ["live"]


def test_the_file_is_private_and_the_backup_is_without_it(store, file, path, now, tmp_path):
    store.presence.say(lease(now))
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    copy = store.backup(str(tmp_path / "copy.sqlite3"))
    with open_store(copy) as opened:
        assert opened.presence.leases() == ()


def test_in_a_team_folder_the_team_may_write_it(tmp_path, now):
    folder = tmp_path / "team"
    folder.mkdir()
    folder.chmod(0o2770)
    with open_store(folder / "desk.sqlite3") as opened:
        opened.presence.say(lease(now))
        assert stat.S_IMODE(os.stat(str(opened.url) + SUFFIX).st_mode) == 0o660


@pytest.mark.parametrize("damage", ["removed", "replaced", "text", "cut", "garbage", "no tables"])
def test_a_damaged_file_is_made_anew(store, other, file, now, damage):
    store.presence.say(lease(now))
    assert other.leases()
    content = file.read_bytes()
    if damage == "removed":
        file.unlink()
    elif damage == "replaced":
        file.unlink()
        file.write_bytes(content)
        file.chmod(0o600)
    elif damage == "text":
        file.write_text("not a database at all, however long it may be\n" * 400)
    elif damage == "cut":
        os.truncate(file, len(content) // 2 + 7)
    elif damage == "garbage":
        file.write_bytes(content[:4096] + os.urandom(len(content) - 4096))
    else:
        tampering = apsw.Connection(str(file))
        tampering.execute("DROP TABLE presence")
        tampering.close()
    store.presence.leases()  # finds the damage
    assert store.presence.say(lease(now, ticket=9, beats=2)) or store.presence.say(
        lease(now, ticket=9, beats=3)
    )
    assert 9 in [one.ticket for one in other.leases() or store.presence.leases()]
    store.presence.saw("ana", 9, 1, now)
    assert store.presence.seen("ana", [9]) == {9: Seen(1, now)}


def test_another_programs_file_or_a_link_is_left_alone(store, file, tmp_path, now):
    stranger = apsw.Connection(str(file))
    stranger.execute("PRAGMA user_version = 77; CREATE TABLE presence (x); INSERT INTO presence VALUES (1)")
    stranger.close()
    file.chmod(0o600)
    before = file.read_bytes()
    assert not store.presence.say(lease(now)) and store.presence.leases() is None
    assert file.read_bytes() == before


def test_a_link_is_not_followed(store, file, tmp_path, now):
    target = tmp_path / "elsewhere"
    target.write_bytes(b"")
    file.symlink_to(target)
    assert not store.presence.say(lease(now))
    assert target.read_bytes() == b""


def test_a_locked_file_costs_no_time(store, file, now):
    store.presence.say(lease(now))
    holder = apsw.Connection(str(file))
    holder.execute("BEGIN EXCLUSIVE")
    start = time.monotonic()
    assert not store.presence.say(lease(now, beats=2))
    assert store.presence.leases() is None
    assert time.monotonic() - start < 0.5
    holder.execute("ROLLBACK")
    holder.close()
    assert store.presence.say(lease(now, beats=2))


def test_rows_that_nobody_of_us_wrote_are_skipped(store, file, now):
    store.presence.say(lease(now))
    tampering = apsw.Connection(str(file))
    tampering.execute("INSERT INTO presence VALUES ('x', x'00ff', 1, '', 'soon', 2, 3)")
    tampering.execute("INSERT INTO presence VALUES ('y', 'a', 'b', '', 1, 1 << 60, 3)")
    tampering.close()
    assert [one.console for one in store.presence.leases()] == ["c1"]


def test_a_store_for_reading_makes_no_file(store, path, file, now):
    with open_store(path, readonly=True) as opened:
        assert opened.presence.leases() is None
        assert not file.exists()
        store.presence.say(lease(now))
        assert not opened.presence.say(lease(now, console="c2")) or opened.presence.leases()


def test_stores_in_memory_share_nothing(now):
    with open_store(":memory:") as one, open_store(":memory:") as two:
        assert one.presence.say(lease(now))
        assert len(one.presence.leases()) == 1
        assert two.presence.leases() == ()


def test_tickets_with_news_of_others(store, report, note):
    quiet, own, news = (report(store) for _ in range(3))
    note(store, quiet, "old", actor="raj")
    floor = journal.latest_id(store)
    note(store, own, "mine", actor="ana")
    note(store, news, "theirs", actor="raj")
    marks = dict.fromkeys(range(1, 900), floor)
    assert journal.newer_by_others(store, "ana", marks) == {news}
    assert journal.newer_by_others(store, "raj", marks) == {own}
    assert journal.count_by_others(store, news, "ana", 0, 99) == 1
    assert journal.newer_by_others(store, "ana", {}) == set()

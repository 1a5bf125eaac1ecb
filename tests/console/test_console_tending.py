"""The console and the watch: how it is, who is on call, what was for consoles, and sending when nobody else does."""

from __future__ import annotations

import threading
from datetime import timedelta

from supporttui.console.tending import Postman
from supporttui.desk import maintenance
from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text, read_policy
from supporttui.policy.roster import read_roster
from supporttui.store import notices, open_store
from supporttui.watch import pulse
from supporttui.watch.tick import tick
from tests.console.driver import CHICAGO, at_console, sev1

ROSTER = """
zone = "America/Chicago"
[[person]]
name = "lee"
email = "lee@v.example"
[[rotation]]
name = "first"
people = ["lee"]
handover = "20:00"
starts = 2026-01-01
hours = { daily = ["08:00-20:00"] }
"""


async def test_a_silent_watcher_turns_the_header_red_within_half_a_minute(tmp_path):
    async with at_console(tmp_path, size=(120, 40)) as desk:
        pulse.beat(desk.colleague("watch"), "host:1", desk.clock.now(), 1)
        await desk.passes(seconds=6)
        assert "!!" not in desk.header
        for _ in range(4):
            await desk.passes(seconds=5)
        assert "watch !! silent for 20 s" in desk.header
        pulse.beat(desk.colleague("watch"), "host:1", desk.clock.now(), 2)
        await desk.passes(seconds=6)
        assert "!!" not in desk.header


async def test_notices_that_nobody_takes_are_counted_in_red(tmp_path):
    async with at_console(tmp_path, size=(120, 40)) as desk:
        desk.arrives(sev1("down"))
        other = Desk(
            desk.colleague("watch").store,
            read_policy(preset_text("netex").replace('reaches = ["desk"]', 'reaches = ["b@v.example"]'), "p"),
            desk.clock, "watch",
        )  # fmt: skip
        desk.clock.advance(hours=8)
        tick(other)
        await desk.passes(seconds=61)
        await desk.passes(seconds=5)
        assert "watch !! 1 undelivered" in desk.header
        (notice,) = notices.waiting(other.store)
        notices.sent(other.store, [notice.id], desk.clock.now())
        await desk.passes(seconds=6)
        await desk.passes(seconds=6)
        assert "undelivered" not in desk.header


async def test_what_a_watcher_fired_is_said_here_and_counts_as_told(tmp_path):
    async with at_console(tmp_path) as desk:
        number = desk.arrives(sev1("down"))
        watcher = desk.colleague("watch")
        desk.clock.advance(hours=8)
        tick(watcher)
        assert [one.address for one in notices.waiting(watcher.store)] == ["desk"]
        await desk.beat()
        await desk.passes(seconds=6)
        assert any(f"{number} escalated" in notice.text for notice in desk.app.shift.said)
        assert notices.counts(watcher.store)["queued"] == 0


async def test_what_this_console_fired_is_said_once(tmp_path):
    async with at_console(tmp_path) as desk:
        number = desk.arrives(sev1("down"))
        await desk.passes(hours=8, seconds=1)
        await desk.passes(seconds=6)
        said = [notice.text for notice in desk.app.shift.said if f"{number} escalated" in notice.text]
        assert len(said) == 1


async def test_who_is_on_call_is_in_the_header(tmp_path):
    async with at_console(tmp_path, size=(160, 48)) as desk:
        await desk.app.link.run(lambda one: one.__dict__.update(roster=read_roster(ROSTER, "r")))
        await desk.passes(seconds=6)
        assert "on call lee (until 20:00)" in desk.header
        await desk.passes(hours=6)
        assert "on call" not in desk.header


async def test_maintenance_is_told_in_the_header_while_it_holds(tmp_path):
    async with at_console(tmp_path, size=(160, 48)) as desk:
        until = desk.clock.now() + timedelta(hours=2)
        maintenance.begin(desk.colleague("raj"), "customer", "Acme\x1b[31m", until, "planned IPL")
        await desk.passes(seconds=6)
        await desk.passes(seconds=6)
        assert "NOTICES HELD: Acme" in desk.header and "until 16:46" in desk.header
        assert "\x1b" not in desk.header
        await desk.passes(hours=2)
        await desk.passes(seconds=6)
        assert "HELD" not in desk.header


async def test_a_console_sends_only_while_no_watcher_lives(tmp_path, monkeypatch):
    from supporttui.watch.channels import helper

    taken = []

    def deliver(self, message, limit):
        taken.append(message)
        return helper.Result(True, False, "taken")

    monkeypatch.setattr(helper.Helper, "deliver", deliver)
    policy = read_policy(preset_text("netex").replace('reaches = ["desk"]', 'reaches = ["b@v.example"]'), "p")
    async with at_console(tmp_path, size=(120, 40)) as desk:
        watcher = Desk(desk.colleague("watch").store, policy, desk.clock, "watch")
        first, second = desk.arrives(sev1("down")), desk.arrives(sev1("down too"))
        postman = Postman(lambda: Desk(open_store(desk.path), policy, desk.clock, "watch"), "", CHICAGO)
        desk.app.tending.postman = postman
        desk.clock.advance(hours=8)
        pulse.beat(watcher, "host:1", desk.clock.now(), 1)
        tick(watcher)
        await desk.beat()
        assert postman._thread is None and taken == []
        await desk.passes(seconds=60)  # the watcher is silent now
        limit = 200
        while notices.counts(watcher.store)["queued"] and limit:
            limit -= 1
            await desk.settled()
            threading.Event().wait(0.02)
        assert [message.fields["number"] for message in taken] == [str(first), str(second)]
        postman.end()


def test_a_postman_that_can_open_nothing_leaves_the_notices_to_others():
    asked = threading.Event()

    def refuse():
        asked.set()
        raise OSError("no store")

    postman = Postman(refuse, "", CHICAGO)
    postman.wake()
    assert asked.wait(10)
    postman.wake()
    postman.end()

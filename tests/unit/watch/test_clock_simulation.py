"""Random histories lived through by the desk and by a model that counts slot by slot.

At every tick the same rungs must fire, the same must be owed, and every due instant
must be the one that counting on gives; after every verb the stored deadlines must be
those that the journal gives when it is read again.
"""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import attention, change, look, relate, write
from supporttui.desk.act import derive, fetch
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.errors import Refused
from supporttui.intake.history import Step
from supporttui.intake.replay import Replay
from supporttui.policy import preset_text, read_policy
from supporttui.store import open_store
from supporttui.watch.tick import tick
from tests.unit.watch.clock_model import ENDED, MOVES, SLOT, Event, Model, Rules, draw

FIRED = ("escalated", "missed", "warned")


def policy_of(rules: Rules):
    return read_policy(rules.text(preset_text("netex")), "drawn.toml")


def some_start(chance: random.Random) -> datetime:
    """Now and then a night on which the clocks change in Chicago."""
    month, day = chance.choice([(3, 8), (11, 1), (2, chance.randint(1, 28)), (12, chance.randint(1, 31))])
    return datetime(2026, month, day, chance.randint(0, 23), chance.choice([0, 15, 30, 45]), tzinfo=UTC)


def told(deadline) -> tuple[object, ...]:
    """A deadline's key in the model's words."""
    parts = deadline if isinstance(deadline, list) else deadline.key.split("/")
    if parts[0] == "warning":
        return ("warning", told(parts[1:-1]))
    if parts[0] == "escalation":
        return ("rung", int(parts[2]), parts[3], len(parts) > 4)
    return (parts[0],)


def check_stored(desk: Desk, number: int) -> None:
    """What is stored is what the journal gives; what the plan dropped is void."""
    stored = {one.key: one for one in look.ticket(desk, number).deadlines}
    names = ("state", "due_at", "fired_at", "remaining", "reason", "role", "level", "kind", "clause")
    for planned in derive(desk, fetch(desk, number)):
        line = stored.pop(planned.key)
        assert [getattr(line, name) for name in names] == [getattr(planned, name) for name in names]
    assert {one.state for one in stored.values()} <= {"void"}


class Story:
    """One ticket of a desk, and the model beside it."""

    def __init__(self, seed: int, *, repeats: bool = False) -> None:
        self.chance = chance = random.Random(seed)
        self.repeats = repeats
        self.rules = draw(chance, repeats=repeats)
        self.clock = ManualClock(some_start(chance))
        self.desk = Desk(open_store(":memory:"), policy_of(self.rules), self.clock, "ana")
        past = chance.choice([0, 0, 0, chance.randint(1, 40)])
        reported, severity = self.clock.now() - past * SLOT, chance.randint(1, 3)
        self.other = report(self.desk, NewTicket(subject="Another", severity=3)).number
        new = NewTicket(subject="Down", severity=severity, reported_at=reported)
        self.number = report(self.desk, new).number
        self.model = Model(self.rules, reported, severity, now=past)
        self.acts: list[tuple[str, list[Event], bool]] = []
        self.undone: list[tuple[str, list[Event], bool]] = []

    def run(self, slots: int) -> None:
        self.tick()
        asleep = 0
        for _ in range(slots):
            self.model.now += 1
            self.clock.advance(minutes=15)
            for _ in range(self.chance.choice([0, 0, 0, 1, 1, 2])):
                self.act()
            if self.chance.random() < 0.01:
                self.change_policy()
                asleep = 0
            asleep = asleep - 1 if asleep else self.chance.choice([0] * 40 + [self.chance.randint(1, 40)])
            if not asleep:
                self.tick()

    # The clock

    def tick(self) -> None:
        fired = Counter(told(one) for one in tick(self.desk).fired if one.ticket == self.number)
        assert fired == Counter(self.model.tick()), self.model.now
        if not self.model.over:
            check_stored(self.desk, self.number)
            self.model.look()
            self.check_owed()

    def check_owed(self) -> None:
        running = [d for d in look.ticket(self.desk, self.number).deadlines if d.state in ("armed", "paused")]
        duties = self.model.duties()
        assert Counter(map(told, running)) == Counter(duty.name for duty in duties), self.model.now
        for duty in duties:
            same = [one for one in running if told(one) == duty.name]
            expected = self.model.forecast(duty)
            if len(same) > 1 or expected is None or duty.name[-1] is True:
                continue
            (line,) = same
            found = (line.state, line.due_at if line.state == "armed" else line.remaining)
            assert found == expected, (self.model.now, line.key)

    def change_policy(self) -> None:
        """Other ladders and targets; how reopenings count stays, so that cycles mean the same."""
        rules = draw(self.chance, repeats=self.repeats)
        rules.reopen = self.rules.reopen
        self.rules = self.model.rules = rules
        self.desk = Desk(self.desk.store, policy_of(rules), self.clock, "ana")
        self.tick()

    # What analysts do

    def act(self) -> None:
        verbs = [self.status, self.status, self.reply, self.customer, self.acknowledge, self.escalate]
        verbs += [self.severity, self.merge, self.take_back, self.take_back, self.put_back]
        if self.model.standing("merged"):
            verbs = [self.take_back]
        self.chance.choice(verbs)()
        assert fetch(self.desk, self.number).status == self.model.status
        assert fetch(self.desk, self.number).severity == self.model.severity
        if not self.model.over:
            check_stored(self.desk, self.number)

    def did(self, what: str, *events: tuple[str, object], undoable: bool = True) -> None:
        self.acts.append((what, [self.model.add(*event) for event in events], undoable))
        self.undone.clear()

    def status(self) -> None:
        wanted = self.chance.choice(MOVES[self.model.status])
        change.set_status(self.desk, self.number, wanted)
        self.did("status", ("status", wanted))

    def severity(self) -> None:
        wanted = self.chance.randint(1, 3)
        if wanted != self.model.severity:
            change.set_severity(self.desk, self.number, wanted)
            self.did("severity", ("severity", wanted))

    def reply(self) -> None:
        workaround = self.chance.random() < 0.3
        write.reply(self.desk, self.number, "We are on it.", workaround=workaround)
        opens = [("status", "open")] if self.model.status == "new" else []
        self.did("reply", ("reply", workaround), *opens, undoable=False)

    def customer(self) -> None:
        write.customer_message(self.desk, self.number, "Still down.")
        opens = [("status", "open")] if self.model.status == "waiting-customer" else []
        self.did("customer", ("customer", None), *opens, undoable=False)

    def acknowledge(self) -> None:
        slots = self.chance.randint(1, 20)
        if self.model.status not in ENDED:
            attention.acknowledge(self.desk, self.number, self.clock.now() + slots * SLOT)
            self.did("acknowledged", ("acknowledged", self.model.now + slots))

    def escalate(self) -> None:
        self.model.look()
        rungs = [duty.ident for duty in self.model.duties() if duty.name[0] == "rung" and not duty.name[3]]
        if self.model.status in ENDED or not rungs:
            with pytest.raises(Refused):
                attention.escalate(self.desk, self.number)
            return
        attention.escalate(self.desk, self.number)
        self.model.tell(min(rungs, key=lambda ident: int(str(ident[2]))))
        self.did("escalated", undoable=False)

    def merge(self) -> None:
        if self.chance.random() < 0.4:
            relate.merge(self.desk, self.number, self.other)
            self.did("merged", ("merged", None), ("status", "closed"))

    def take_back(self) -> None:
        if not self.may_take_back():
            with pytest.raises(Refused):
                undo(self.desk)
            return
        undo(self.desk)
        self.undone.append(self.acts.pop())
        for event in self.undone[-1][1]:
            event.stands = False

    def may_take_back(self) -> bool:
        """The last act, unless it left the house or somebody was told because of it."""
        if not self.acts or not self.acts[-1][2]:
            return False
        what, events, _ = self.acts[-1]
        since = [ident for ident, (place, _) in self.model.told.items() if place > events[0].place]
        if what == "acknowledged":
            return not any(ident[0] == "promise" for ident in since)
        self.model.look()
        return not (since and self.model.cycle[0] == events[0].place)

    def put_back(self) -> None:
        if not self.undone:
            with pytest.raises(Refused):
                redo(self.desk)
            return
        redo(self.desk)
        self.acts.append(self.undone.pop())
        for event in self.acts[-1][1]:
            event.stands = True


# In 63 and 80 a pause begins at the very instant at which something is due.
@pytest.mark.parametrize("seed", [*range(17), 63, 80])
def test_what_fires_and_when_is_what_counting_slot_by_slot_gives(seed):
    Story(seed).run(110)


@pytest.mark.parametrize("seed", range(1006, 1012))
def test_repeats_fire_on_the_grid_until_they_are_acknowledged_or_over(seed):
    Story(seed, repeats=True).run(110)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_clock_does_nothing_fires_twice_and_no_open_ticket_is_silent(seed):
    """Two analysts undo, merge and reopen while the machine's clock jumps about."""
    chance = random.Random(seed)
    clock = ManualClock(some_start(chance))
    ana = Desk(open_store(":memory:"), policy_of(draw(chance, repeats=False)), clock, "ana")
    raj = Desk(ana.store, ana.policy, clock, "raj")
    pair = [report(who, NewTicket(subject="Down", severity=2)).number for who in (ana, raj)]
    for _ in range(60):
        clock.advance(minutes=15 * chance.choice([1, 1, 1, 2, -3, -8, 12]))
        who = chance.choice((ana, raj))
        try:
            anything(chance, who, *chance.sample(pair, 2))
        except Refused:
            pass
        tick(who)
        for number in pair:
            check_sound(ana, number)


def anything(chance: random.Random, desk: Desk, number: int, other: int) -> None:
    until = desk.now() + chance.randint(1, 9) * SLOT
    verbs = (
        lambda: change.set_status(desk, number, chance.choice(MOVES[fetch(desk, number).status])),
        lambda: change.set_severity(desk, number, chance.randint(1, 3)),
        lambda: attention.acknowledge(desk, number, until),
        lambda: attention.escalate(desk, number),
        lambda: write.reply(desk, number, "We are on it."),
        lambda: relate.merge(desk, number, other),
        lambda: undo(desk),
        lambda: redo(desk),
    )
    chance.choice(verbs)()


def check_sound(desk: Desk, number: int) -> None:
    check_stored(desk, number)
    view = look.ticket(desk, number)
    keys = [entry.data["key"] for entry in view.journal if entry.kind in FIRED]
    assert len(keys) == len(set(keys))
    ticket = view.ticket
    ended = ticket.status in ENDED
    assert ended == (ticket.resolved_at is not None or ticket.closed_at is not None)
    assert ended or not ticket.merged_into
    planned = derive(desk, ticket)
    reasons = {one.reason for one in planned} & {"resolved", "merged"}
    running = [one for one in planned if one.state in ("armed", "paused")]
    assert not (running if ended else reasons)


@pytest.mark.parametrize("seed", range(8))
def test_a_history_lived_through_again_tells_what_a_desk_told_at_the_time(seed):
    chance = random.Random(seed)
    start, policy = some_start(chance), policy_of(draw(chance, repeats=False))
    clock = ManualClock(start)
    desk = Desk(open_store(":memory:"), policy, clock, "ana")
    number = report(desk, NewTicket(subject="Down", severity=2)).number
    first = Step(at=start, line=1, severity=2, mark="0")
    replay = Replay.begin("X-1", start, first, policy, start, "ana")
    for line in range(2, 15):
        at = clock.now() + SLOT * chance.randint(1, 20)
        tick_until(desk, clock, at)
        status = fetch(desk, number).status
        said = chance.choice([
            {"status": chance.choice(MOVES[status])},
            {"severity": chance.randint(1, 3)},
            {"texts": (("reply", "We are on it."),)},
        ])  # fmt: skip
        if "status" in said:
            change.set_status(desk, number, said["status"])
        elif "severity" in said:
            change.set_severity(desk, number, said["severity"])
        else:
            write.reply(desk, number, "We are on it.", status=status)
        tick(desk)
        replay.step(Step(at=at, line=line, mark=str(line), **said))
    tick_until(desk, clock, clock.now() + 100 * SLOT)
    replay.settle(clock.now())
    live = Counter((e.data["key"], e.at) for e in look.ticket(desk, number).journal if e.kind in FIRED)
    assert live == Counter((e.data["key"], e.at) for e in replay.entries if e.kind in FIRED)
    assert set(replay.deadlines) == set(derive(desk, fetch(desk, number)))


def tick_until(desk: Desk, clock: ManualClock, at: datetime) -> None:
    """A desk that ticks at every due instant."""
    while (due := tick(desk).next_due_at) is not None and due <= at:
        clock.set(max(due, clock.now()))
    clock.set(at)
    tick(desk)


def test_desks_that_tick_side_by_side_fire_each_rung_once(tmp_path):
    chance = random.Random(7)
    rules, start = draw(chance, repeats=True), some_start(chance)
    path = tmp_path / "desk.db"

    def desk_at(name: str) -> Desk:
        return Desk(open_store(path), policy_of(rules), ManualClock(start), name)

    def watch(name: str) -> list[tuple[int, str]]:
        desk, fired = desk_at(name), []
        for slot in range(0, 120, 4):
            desk.clock.set(start + slot * SLOT)
            fired += [(one.ticket, one.key) for one in tick(desk).fired]
        desk.store.close()
        return fired

    ana = desk_at("ana")
    numbers = [report(ana, NewTicket(subject="Down", severity=1)).number for _ in range(12)]
    with ThreadPoolExecutor(3) as pool:
        fired = Counter(one for found in pool.map(watch, ("a", "b", "c")) for one in found)
    journalled = Counter(
        (number, entry.data["key"])
        for number in numbers
        for entry in look.ticket(ana, number).journal
        if entry.kind in FIRED
    )
    assert fired == journalled
    assert set(fired.values()) == {1}
    assert {number for number, _ in fired} == set(numbers)
    for number in numbers:
        check_stored(ana, number)
    ana.store.close()

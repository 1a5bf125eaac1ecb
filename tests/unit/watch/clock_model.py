"""The clock's rules told a second time, by counting quarters of an hour one by one.

Nothing of the product is imported here.  Time is a number of slots of fifteen minutes
since the report; every duration of the rules is a whole number of slots.  A clock's
count is found by looking at every slot since its origin: was the desk open, did the
status let it run?  So there is no arithmetic of intervals that could be wrong in the
same way as the product's.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SLOT = timedelta(minutes=15)
ENDED = ("resolved", "closed")
KINDS = ("escalation", "response", "update", "workaround", "resolution")
WAITS = ((), ("waiting-customer",), ("waiting-customer", "waiting-vendor"))
WORKING = ["open", "waiting-customer", "waiting-vendor", "resolved", "closed"]
MOVES = {
    "new": WORKING,
    **{name: [other for other in WORKING if other != name] for name in WORKING[:3]},
    "resolved": ["open", "closed"],
    "closed": ["open"],
}
CHICAGO = ZoneInfo("America/Chicago")

Warn = tuple[str, int] | None  # ("share", percent) or ("before", slots)


@dataclass
class Rules:
    """What a policy says.  ladders: severity → (role, slots, slots between repeats or 0, warning)."""

    reopen: str
    clock: str
    start: str
    pauses: dict[str, tuple[str, ...]]
    ladders: dict[int, list[tuple[str, int, int, Warn]]]
    targets: dict[str, tuple[int, str, Warn]]
    resolution_start: str

    def text(self, preset: str) -> str:
        """The preset with these rules in the place of its own."""
        head, tail = preset[: preset.index("# The escalation table")], preset[preset.index("[promise]") :]
        head = head.replace('on_reopen = "elapsed"', f'on_reopen = "{self.reopen}"')
        pauses = "\n".join(f"{kind} = {list(statuses)}" for kind, statuses in self.pauses.items())
        rules = [head.replace("escalation = []", pauses)]
        for severity, rungs in self.ladders.items():
            rules.append(f'[[ladder]]\nname = "severity {severity}"\nwhen = {{ severity = {severity} }}')
            rules.append(f'clock = "{self.clock}"\nstart = "{self.start}"')
            for role, after, repeat, warn in rungs:
                rules.append(f'[[ladder.rung]]\nrole = "{role}"\nafter = "{_minutes(after)}"')
                rules.append(f'repeat = "{_minutes(repeat)}"' if repeat else "")
                rules.append(_warning(warn))
        for kind, (after, clock, warn) in self.targets.items():
            rules.append(f'[[target]]\nname = "{kind}"\nkind = "{kind}"\nclock = "{clock}"')
            rules.append(f'after = "{_minutes(after)}"\n{_warning(warn)}')
            rules.append(f'start = "{self.resolution_start}"' if kind == "resolution" else "")
        return "\n".join([*rules, tail.replace('at_most = "8 hours"', "")])


def _minutes(slots: int) -> str:
    return f"{slots * 15} minutes"


def _warning(warn: Warn) -> str:
    if warn is None:
        return ""
    how, much = warn
    return f'warn = ["{much}%"]' if how == "share" else f'warn = ["{_minutes(much)} before"]'


def draw(chance: random.Random, *, repeats: bool) -> Rules:
    """Rules by chance."""
    clocks = ("always", "support")

    def warn() -> Warn:
        return chance.choice([None, None, ("share", 50), ("before", chance.randint(1, 6))])

    def rung(after: int) -> tuple[str, int, int, Warn]:
        repeat = chance.randint(1, 12) if repeats and chance.random() < 0.5 else 0
        return chance.choice(["director", "president", "owner"]), after, repeat, warn()

    ladders = {}
    for severity in (1, 2, 3):
        steps = sorted(chance.randint(1, 60) * severity for _ in range(chance.randint(1, 3)))
        ladders[severity] = [rung(after) for after in steps]
    return Rules(
        reopen=chance.choice(["continue", "restart", "elapsed"]),
        clock=chance.choice(clocks),
        start=chance.choice(["report", "report", "classification"]),
        pauses={kind: chance.choice(WAITS) for kind in KINDS},
        ladders=ladders,
        targets={
            kind: (chance.randint(2, 50), chance.choice(clocks), warn())
            for kind in KINDS[1:]
            if chance.random() < 0.5
        },
        resolution_start=chance.choice(["report", "acknowledgement"]),
    )


@dataclass
class Event:
    """Something that happened at a slot; stands: it was not undone."""

    place: int
    slot: int
    kind: str
    value: object
    stands: bool = True


Ident = tuple[object, ...]


@dataclass
class Duty:
    """Something owed when a clock has counted `need` slots from its origin.

    kind "": need is a slot itself.  opening: it falls where the time after it begins
    (so much open time before another one), not where the time up to it ends.
    """

    ident: Ident
    origin: int
    need: float
    clock: str
    kind: str
    opening: bool = False

    @property
    def name(self) -> Ident:
        """What it is, without saying which of several."""
        return name_of(self.ident)


def name_of(ident: Ident) -> Ident:
    """("rung", level, role, is a repeat), ("warning", name of what it warns of) or (kind,)."""
    if ident[0] == "warning":
        assert isinstance(ident[1], tuple)
        return ("warning", name_of(ident[1]))
    if ident[0] == "rung":
        return ("rung", ident[2], ident[3], len(ident) > 4)
    return (ident[0],)


@dataclass
class Model:
    """One ticket.  told: what was told → (place among the events, slot)."""

    rules: Rules
    zero: datetime
    severity_at_first: int
    now: int = 0
    events: list[Event] = field(default_factory=list)
    told: dict[Ident, tuple[int, int]] = field(default_factory=dict)
    _places: int = 0
    _open: list[bool] = field(default_factory=list)
    _statuses: list[str] = field(default_factory=list)
    _counts: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    cycle: tuple[int, int] = (0, 0)  # (place of the reopening that began it, slot)

    # What happened

    def add(self, kind: str, value: object = None) -> Event:
        self._places += 1
        event = Event(self._places, self.now, kind, value)
        self.events.append(event)
        return event

    def tell(self, ident: Ident) -> None:
        self._places += 1
        self.told[ident] = (self._places, self.now)

    def standing(self, kind: str, after: int = 0) -> list[Event]:
        return [one for one in self.events if one.kind == kind and one.stands and one.place > after]

    @property
    def status(self) -> str:
        return str(["new", *(one.value for one in self.standing("status"))][-1])

    @property
    def severity(self) -> int:
        last = [self.severity_at_first, *(one.value for one in self.standing("severity"))][-1]
        assert isinstance(last, int)
        return last

    @property
    def over(self) -> bool:
        return bool(self.standing("merged")) or self.status in ENDED

    # Counting

    def look(self) -> None:
        """Find the status of every slot, and where the present ladder began."""
        self._statuses = ["new"] * (self.now + 1)
        self._counts.clear()
        self.cycle, before = (0, 0), "new"
        for one in self.standing("status"):
            after = str(one.value)
            self._statuses[one.slot :] = [after] * (self.now + 1 - one.slot)
            if before in ENDED and after not in ENDED and self.rules.reopen == "restart":
                self.cycle = (one.place, one.slot)
            before = after

    def desk_open(self, slot: int) -> bool:
        while len(self._open) <= slot:
            local = (self.zero + len(self._open) * SLOT).astimezone(CHICAGO)
            self._open.append(local.weekday() < 5 and 8 <= local.hour < 17)
        return self._open[slot]

    def stopped(self, kind: str, slot: int | None = None) -> bool:
        status = self._statuses[self.now if slot is None else slot]
        ended = self.rules.reopen == "continue" and status in ENDED
        return ended or status in self.rules.pauses[kind]

    def runs(self, slot: int, clock: str) -> bool:
        return clock == "always" or self.desk_open(slot)

    def count(self, origin: int, to: int, clock: str, kind: str) -> int:
        """Slots counted from origin up to `to`, which is not after now."""
        counts = self._counts.get((clock, kind))
        if counts is None:
            counts = [0]
            for slot in range(self.now):
                counts.append(counts[-1] + (self.runs(slot, clock) and not self.stopped(kind, slot)))
            self._counts[clock, kind] = counts
        return counts[to] - counts[origin] if to > origin else 0

    def is_due(self, duty: Duty) -> bool:
        if not duty.kind:
            return self.now >= duty.need
        counted = self.count(duty.origin, self.now, duty.clock, duty.kind)
        if counted != duty.need or not duty.opening or duty.clock == "always":
            return counted >= duty.need
        return any(
            self.count(duty.origin, slot, duty.clock, duty.kind) == duty.need
            and self.runs(slot, duty.clock)
            and not (self.stopped(duty.kind, slot) and self.stopped(duty.kind, max(0, slot - 1)))
            for slot in range(duty.origin, self.now + 1)
        )

    def forecast(self, duty: Duty) -> tuple[str, object] | None:
        """("armed", instant) or ("paused", seconds left) if nothing else happens; None when it is due."""
        if not duty.kind:
            assert isinstance(duty.need, int)
            return "armed", self.zero + duty.need * SLOT
        counted: float = self.count(duty.origin, self.now, duty.clock, duty.kind)
        if counted >= duty.need or duty.need % 1:
            return None
        if self.stopped(duty.kind):
            return "paused", int((duty.need - counted) * SLOT.total_seconds())
        slot = self.now
        while counted < duty.need or (duty.opening and not self.runs(slot, duty.clock)):
            counted += self.runs(slot, duty.clock)
            slot += 1
        return "armed", self.zero + slot * SLOT

    # What is owed

    def tick(self) -> list[Ident]:
        """Tell everything that is due; returns its names."""
        names: list[Ident] = []
        while not self.over:
            self.look()
            due = [duty for duty in self.duties() if self.is_due(duty)]
            if not due:
                break
            for duty in due:
                self.tell(duty.ident)
                names.append(duty.name)
        return names

    def acknowledged(self, place: int) -> bool:
        """Whether what was told at a place has been acknowledged by a promise that is not broken."""
        said = self.standing("acknowledged")
        broken = max((at for ident, (at, _) in self.told.items() if ident[0] == "promise"), default=0)
        return bool(said) and said[-1].place > max(place, broken)

    def duties(self) -> list[Duty]:
        """What is owed and has not been told; `look` comes first."""
        owed: list[Duty] = []
        for level, rung in enumerate(self.rules.ladders[self.severity], 1):
            owed += self._rung(level, *rung)
        for kind in self.rules.targets:
            owed += self._target(kind)
        return owed + self._promise()

    def _origin(self) -> int:
        changed = self.standing("severity", self.cycle[0])
        return changed[-1].slot if self.rules.start == "classification" and changed else self.cycle[1]

    def _rung(self, level: int, role: str, need: int, repeat: int, warn: Warn) -> list[Duty]:
        ident: Ident = ("rung", self.cycle[0], level, role)
        origin = self._origin()
        if ident in self.told:
            return self._repeat(ident, origin, need, repeat) if repeat else []
        told = [
            one[2] for one, (place, _) in self.told.items()
            if one[0] == "rung" and one[3] == role and place > self.cycle[0]
        ]  # fmt: skip
        if any(isinstance(other, int) and other >= level for other in told):
            return []
        duty = Duty(ident, origin, need, self.rules.clock, "escalation")
        return [duty, *self._warning(duty, warn)]

    def _repeat(self, ident: Ident, origin: int, need: int, every: int) -> list[Duty]:
        """The next time on the grid that begins at the rung's own due time."""
        tellings = [at for other, at in self.told.items() if other[:4] == ident]
        place, slot = max(tellings)
        kept = 0
        if self.acknowledged(place):
            said = self.standing("acknowledged")[-1]
            if not self.standing("reply", said.place):
                return []
            assert isinstance(said.value, int)
            kept = said.value
        if kept > self.now:  # silent until the time that the kept promise named
            return [Duty((*ident, len(tellings)), origin, 10**6, self.rules.clock, "escalation")]
        broken = [at for one, at in self.told.items() if one[0] == "promise" and at[0] > place]
        slot = max([slot, kept, *(at for _, at in broken)])
        beyond = max(0, self.count(origin, slot, self.rules.clock, "escalation") - need)
        turn = beyond // every + 1
        return [Duty((*ident, len(tellings)), origin, need + turn * every, self.rules.clock, "escalation")]

    def _target(self, kind: str) -> list[Duty]:
        need, clock, warn = self.rules.targets[kind]
        begun, origin = self.cycle
        replies = self.standing("reply", begun)
        ident: Ident = (kind, begun)
        if kind == "response" and replies:
            return []
        if kind == "workaround" and any(one.value for one in replies):
            return []
        if kind == "resolution" and self.rules.resolution_start == "acknowledgement":
            said = self.standing("acknowledged", begun)
            if not said:
                return []
            origin = said[0].slot
        if kind == "update":
            ident = (kind, begun, len(self.standing("reply")))
            origin = replies[-1].slot if replies else origin
        if ident in self.told:
            return []
        duty = Duty(ident, origin, need, clock, kind)
        return [duty, *self._warning(duty, warn)]

    def _promise(self) -> list[Duty]:
        said = self.standing("acknowledged")
        if not said or said[-1].place <= self.cycle[0] or self.standing("reply", said[-1].place):
            return []
        ident: Ident = ("promise", said[-1].place)
        until = said[-1].value
        assert isinstance(until, int)
        return [] if ident in self.told else [Duty(ident, 0, until, "always", "")]

    def _warning(self, of: Duty, warn: Warn) -> list[Duty]:
        if warn is None or ("warning", of.ident, warn) in self.told:
            return []
        how, much = warn
        need = of.need * much / 100 if how == "share" else max(0, of.need - much)
        opening = how == "before" and of.need >= much
        return [Duty(("warning", of.ident, warn), of.origin, need, of.clock, of.kind, opening)]

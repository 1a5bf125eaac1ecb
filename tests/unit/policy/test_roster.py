"""Who is on call: hand-overs by the wall clock, absences, overrides, hours, and nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.errors import PolicyError
from supporttui.policy.roster import Override, Roster, read_roster

CHICAGO = ZoneInfo("America/Chicago")
HEAD = """
zone = "America/Chicago"
[[person]]
name = "ana"
away = ["2026-12-24..2027-01-02"]
[[person]]
name = "raj"
[[person]]
name = "mei"
zone = "Asia/Kuala_Lumpur"
away = ["2026-11-30"]
"""
NIGHT = """
[[rotation]]
name = "night"
people = ["ana", "raj", "mei"]
handover = "20:00"
starts = 2026-11-02
"""
WEEK = """
[[rotation]]
name = "week"
people = ["ana", "raj"]
handover = "mon 09:00"
starts = 2026-11-03
every = 2
"""
DAY = """
[[rotation]]
name = "day"
people = ["raj"]
handover = "08:00"
starts = 2026-01-01
hours = { mon-fri = ["08:00-17:00"] }
"""


def roster(*tables: str) -> Roster:
    return read_roster(HEAD + "".join(tables), "roster.toml")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "person"),
    [
        ("2026-11-02T19:59:59", ""),
        ("2026-11-02T20:00:00", "ana"),
        ("2026-11-03T19:59:59", "ana"),
        ("2026-11-03T20:00:00", "raj"),
        ("2026-11-05T03:00:00", "mei"),
        ("2026-11-05T20:00:00", "ana"),
        ("2027-03-14T02:30:00", "mei"),  # the hour that the clock skips
        ("2027-03-14T20:00:00", "ana"),
    ],
)
def test_a_daily_rotation_hands_over_at_its_hour(at: str, person: str) -> None:
    assert roster(NIGHT).rotation("night").who(local(at))[0] == person


def test_a_weekly_rotation_begins_at_the_first_hand_over_after_its_start_and_stays_two_weeks() -> None:
    week = roster(WEEK).rotation("week")
    assert week.who(local("2026-11-09T08:59:59")) == ("", "the rotation begins on 2026-11-03")
    turns = list(week.turns(local("2026-11-09T09:00"), local("2026-12-10T00:00")))
    assert [(turn.person, turn.start, turn.end) for turn in turns] == [
        ("ana", local("2026-11-09T09:00"), local("2026-11-23T09:00")),
        ("raj", local("2026-11-23T09:00"), local("2026-12-07T09:00")),
        ("ana", local("2026-12-07T09:00"), local("2026-12-21T09:00")),
    ]


def test_the_next_in_line_stands_in_for_whoever_is_away() -> None:
    night = roster(NIGHT).rotation("night")
    turn = night.turn(local("2026-12-26T21:00"))
    assert (turn.person, turn.note) == ("raj", "for ana, who is away")
    assert night.who(local("2026-12-23T23:59:59"))[0] == "ana"
    assert night.who(local("2026-12-24T00:00:00"))[0] == "raj"


def test_an_absence_is_of_the_persons_own_days() -> None:
    night = roster(NIGHT).rotation("night")
    away_from = datetime(2026, 11, 29, 16, tzinfo=UTC)  # midnight in Kuala Lumpur, mei's turn in Chicago
    assert night.who(away_from - timedelta(seconds=1))[0] == "mei"
    assert night.who(away_from)[0] == "ana"
    assert night.turn(away_from).start == away_from


def test_nobody_is_said_with_its_reason() -> None:
    alone = roster('[[rotation]]\nname="one"\npeople=["ana"]\nhandover="09:00"\nstarts=2026-01-01\n')
    assert alone.rotation("one").who(local("2026-12-25T12:00")) == ("", "ana is away")
    day = roster(DAY).rotation("day")
    turn = day.turn(local("2026-11-21T12:00"))  # a Saturday
    assert (turn.person, turn.note) == ("", "outside the rotation's hours")
    assert (turn.start, turn.end) == (local("2026-11-20T17:00"), local("2026-11-23T08:00"))


def test_the_latest_override_goes_first_and_ends_the_turn() -> None:
    night = roster(NIGHT).rotation("night")
    begin, end = local("2026-11-04T22:00"), local("2026-11-05T02:00")
    first = Override(rotation="night", person="raj", start=begin, end=end, entered=1)
    second = Override(
        rotation="night", person="ana", start=begin, end=begin + timedelta(hours=1), reason="swap", entered=2
    )
    both = (first, second)
    assert night.who(begin, both) == ("ana", "swap")
    assert [
        (turn.person, turn.start, turn.end) for turn in night.turns(local("2026-11-04T21:00"), end, both)
    ] == [
        ("mei", local("2026-11-04T20:00"), begin),
        ("ana", begin, begin + timedelta(hours=1)),
        ("raj", begin + timedelta(hours=1), end),
    ]
    other = Override(rotation="week", person="raj", start=begin, end=end)
    assert night.who(begin, (other,))[0] == "mei"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('people = ["ana", "raj", "mei"]', 'people = ["anna"]', "roster.toml: rotation[0].people[0]: no [[person]] 'anna'; did you mean 'ana'?"),
        ('handover = "20:00"', 'handover = "25:00"', "'25:00' is no hand-over"),
        ('handover = "20:00"', 'handover = "mox 20:00"', "no day 'mox'; did you mean 'mon'?"),
        ("handover =", "hand_over =", "rotation[0].hand_over: no such key; did you mean 'handover'?"),
        ('people = ["ana", "raj", "mei"]', "people = []", "rotation[0].people: nobody is in this rotation"),
        ("starts = 2026-11-02", 'starts = "soon"', "rotation[0].starts:"),
        ("starts = 2026-11-02", "starts = 2026-11-02\nevery = 0", "rotation[0].every: 0 is not a number"),
        ('zone = "America/Chicago"', 'zone = "America/Chicargo"', "zone: no time zone"),
        ("2026-12-24..2027-01-02", "2027-01-02..2026-12-24", "ends before it begins"),
        ('name = "raj"', 'name = "ana"', "person[1].name: 'ana' is given twice"),
        ("starts = 2026-11-02", "starts = 2026-11-02\nhours = { mon = '8-17' }", "rotation[0].hours.mon: can't read the hours"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_with_the_key(old: str, new: str, said: str) -> None:
    text = HEAD + NIGHT
    assert old in text
    with pytest.raises(PolicyError) as fault:
        read_roster(text.replace(old, new, 1), "roster.toml")
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)


NAMES = ("night", "week", "day")
MINUTES = st.integers(0, 60 * 24 * 500)
START = datetime(2026, 10, 20, tzinfo=UTC)
OVERRIDES = st.lists(
    st.builds(
        lambda name, at, length, person: Override(
            rotation=name, person=person, start=START + timedelta(minutes=at),
            end=START + timedelta(minutes=at + length), entered=at,
        ),
        st.sampled_from(NAMES), MINUTES, st.integers(1, 3000), st.sampled_from(("ana", "raj", "mei")),
    ),
    max_size=4,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), at=MINUTES, ahead=st.floats(0, 0.999), overrides=OVERRIDES)
def test_a_turn_holds_one_answer_over_its_whole_length(
    name: str, at: int, ahead: float, overrides: list[Override]
) -> None:
    rotation = roster(NIGHT, WEEK, DAY).rotation(name)
    moment = START + timedelta(minutes=at)
    turn = rotation.turn(moment, overrides)
    assert turn.start <= moment < turn.end
    inside = turn.start + (turn.end - turn.start) * ahead
    for each in (turn.start, inside, turn.end - timedelta(seconds=1)):
        assert rotation.who(each, overrides) == (turn.person, turn.note)
    assert rotation.who(turn.end, overrides) != (turn.person, turn.note)
    if turn.end - turn.start < timedelta(days=300):  # the ends of longer ones are not looked for
        assert rotation.turn(inside, overrides) == turn


@settings(max_examples=20, deadline=None)
@given(name=st.sampled_from(NAMES), at=MINUTES, overrides=OVERRIDES)
def test_turns_follow_each_other_without_gap(name: str, at: int, overrides: list[Override]) -> None:
    rotation = roster(NIGHT, WEEK, DAY).rotation(name)
    lo = START + timedelta(minutes=at)
    turns = list(rotation.turns(lo, lo + timedelta(days=20), overrides))
    assert turns[0].start <= lo and turns[-1].end >= lo + timedelta(days=20)
    for before, after in pairwise(turns):
        assert before.end == after.start
        assert (before.person, before.note) != (after.person, after.note)


@pytest.mark.parametrize("hours", ['mon-sun = ["00:00-24:00"]', 'mon-fri = ["00:00-24:00"]'])
def test_hours_that_hardly_ever_end_have_an_answer(hours):
    roster = read_roster(
        'zone = "UTC"\n[[person]]\nname = "ana"\n[[rotation]]\nname = "f"\npeople = ["ana"]\n'
        f'handover = "20:00"\nstarts = 2026-01-01\nhours = {{ {hours} }}\n',
        "r.toml",
    )
    at = datetime(2026, 11, 18, 12, tzinfo=UTC)
    turn = roster.rotation("f").turn(at)
    assert turn.person == "ana" and turn.start <= at < turn.end
    assert roster.rotation("f").turn(turn.end - timedelta(seconds=1)) is turn, (
        "asked again, not worked out again"
    )


def test_an_override_is_seen_at_once_though_the_last_answer_is_kept():
    roster = read_roster(
        'zone = "UTC"\n[[person]]\nname = "ana"\n[[person]]\nname = "raj"\n[[rotation]]\nname = "f"\n'
        'people = ["ana"]\nhandover = "20:00"\nstarts = 2026-01-01\n',
        "r.toml",
    )
    at = datetime(2026, 11, 18, 12, tzinfo=UTC)
    rotation = roster.rotation("f")
    assert rotation.turn(at).person == "ana"
    taken = Override(rotation="f", person="raj", start=at, end=at + timedelta(hours=1))
    assert rotation.turn(at, [taken]).person == "raj"
    assert rotation.turn(at).person == "ana"


@pytest.mark.parametrize(("line", "said"), [
    ('email = "ana"', "person[0].email: 'ana' is no e-mail address"),
    ('email = "a@b.example, c@d.example"', "is no e-mail address"),
    ('email = "a@b.example\\nBcc: all@b.example"', "is no e-mail address"),
    ('email = "<a@b.example>"', "is no e-mail address"),
    ('phone = "call me"', "person[0].phone: 'call me' is no telephone number"),
    ('phone = "+1 555\\u0000"', "is no telephone number"),
])  # fmt: skip
def test_an_address_that_is_none_is_refused(line, said):
    with pytest.raises(PolicyError) as caught:
        read_roster(f'zone = "UTC"\n[[person]]\nname = "ana"\n{line}\n', "r.toml")
    assert said in str(caught.value) and "\n" not in str(caught.value)

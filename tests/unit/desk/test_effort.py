"""How people write the time that they worked."""

from __future__ import annotations

import pytest

from supporttui.desk.effort import read_effort
from supporttui.errors import UsageError


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("45", (45, "")),
        ("45m", (45, "")),
        ("45 min reading", (45, "reading")),
        ("1h", (60, "")),
        ("1h30", (90, "")),
        ("1h30m the dump", (90, "the dump")),
        ("2 h 15 m call", (135, "call")),
        ("1:30 call", (90, "call")),
        ("1.5h: call", (90, "call")),
        ("90, call with J.", (90, "call with J.")),
        ("24h", (1440, "")),
    ],
)
def test_time_and_remark(text: str, read: tuple[int, str]):
    assert read_effort(text) == read


@pytest.mark.parametrize("text", ["", "call", "call 45", "-5", "3rd look", "45.5.1 x"])
def test_what_has_no_time_is_told_how_to_write_one(text: str):
    with pytest.raises(UsageError, match="45, 45m, 1h30"):
        read_effort(text)


@pytest.mark.parametrize("text", ["0", "25h", "9999"])
def test_what_no_day_holds(text: str):
    with pytest.raises(UsageError, match="1 to 1440"):
        read_effort(text)

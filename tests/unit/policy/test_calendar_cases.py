"""Outcomes that other projects' own tests state, run from the shared cases when they are there.

Where a project's convention differs from ours at an edge, ours is expected:
a deadline exactly at closing is the closing, hours are half-open, and no
duration outside hours gives the next opening.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from supporttui.policy.calendar import BusinessCalendar, wall_to_utc

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT.parent / "shared" / "cases" / "business_time.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else []

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the shared cases are not beside the repository")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def expected(case: dict[str, Any]) -> str:
    """What this project's conventions make of the case."""
    if case.get("edge") == "closing-boundary" and case["convention"] == "next-opening":
        return str(case["alt_expect_bruteforce"])
    if case.get("edge") == "zero-duration" and case["convention"] == "start":
        return str(case["alt_expect_bruteforce"])
    return str(case["expect"])


def pauses(case: dict[str, Any]) -> list[tuple[datetime, datetime | None]]:
    return [(at(start), at(end) if end else None) for start, end in case.get("pauses", [])]


def run(kind: str) -> Any:
    chosen = [case for case in CASES if case["kind"] == kind]
    return pytest.mark.parametrize("case", chosen, ids=[case["id"] for case in chosen])


def calendar(case: dict[str, Any]) -> BusinessCalendar:
    return BusinessCalendar.from_mapping(case["calendar"], name=case["id"])


def test_every_case_is_run_by_a_test_here() -> None:
    known = {
        "deadline", "pause", "before", "elapsed", "next_open", "is_open", "segments", "deadline_days", "wall_to_utc",
    }  # fmt: skip
    assert Counter(case["kind"] for case in CASES).keys() == known
    assert len(CASES) >= 205


@run("deadline")
def test_deadline(case: dict[str, Any]) -> None:
    assert stamp(calendar(case).add(at(case["start"]), case["business_seconds"])) == expected(case)


@run("pause")
def test_deadline_with_pauses(case: dict[str, Any]) -> None:
    due = calendar(case).add(at(case["start"]), case["business_seconds"], pauses(case))
    assert stamp(due) == expected(case)


@run("before")
def test_before(case: dict[str, Any]) -> None:
    assert stamp(calendar(case).subtract(at(case["start"]), case["business_seconds"])) == expected(case)


@run("elapsed")
def test_elapsed(case: dict[str, Any]) -> None:
    passed = calendar(case).elapsed(at(case["start"]), at(case["end"]), pauses(case))
    assert passed == timedelta(seconds=case["expect_business_seconds"])


@run("next_open")
def test_next_open(case: dict[str, Any]) -> None:
    assert stamp(calendar(case).next_open(at(case["start"]))) == expected(case)


@run("is_open")
def test_is_open(case: dict[str, Any]) -> None:
    inclusive = case.get("convention") == "closing-inclusive"  # ours is half-open: closed at closing
    assert calendar(case).is_open(at(case["at"])) is (False if inclusive else case["expect_open"])


@run("segments")
def test_segments(case: dict[str, Any]) -> None:
    wanted = case["expect_segments"]
    found = calendar(case).segments(at(case["start"]), len(wanted), case["direction"])
    assert [[stamp(start), stamp(end)] for start, end in found] == wanted


@run("deadline_days")
def test_deadline_in_working_days(case: dict[str, Any]) -> None:
    assert stamp(calendar(case).add_days(at(case["start"]), case["working_days"])) == expected(case)


@run("wall_to_utc")
def test_wall_to_utc(case: dict[str, Any]) -> None:
    assert stamp(wall_to_utc(case["tz"], case["wall"])) == expected(case)

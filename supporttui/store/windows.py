"""What holds for a while on the whole desk: on-call overrides and maintenance windows.

Rows are never changed but for their end, so that who was on call and what was
silent at any past instant can still be told.
"""

from __future__ import annotations

from supporttui.store.columns import instant, instant_or_none, seconds, storable
from supporttui.store.records import Maintenance, OnCallOverride

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from supporttui.store.session import Store

_OVERRIDE = "SELECT id, rotation, person, start_at, end_at, reason, entered_by, entered_at, ended_at FROM oncall_override "
_MAINTENANCE = "SELECT id, scope, name, start_at, end_at, reason, entered_by, entered_at, ended_by, ended_at FROM maintenance "


def add_override(store: Store, override: OnCallOverride) -> int:
    """Write an override; its id."""
    with store.writing():
        found = store.execute(
            "INSERT INTO oncall_override (rotation, person, start_at, end_at, reason, entered_by, entered_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                storable(override.rotation), storable(override.person), seconds(override.start),
                seconds(override.end), storable(override.reason), storable(override.entered_by),
                seconds(override.entered_at),
            ),
        )  # fmt: skip
        return int(found[0][0])


def end_override(store: Store, number: int, at: datetime) -> bool:
    """Take an override back from an instant on; False when it is not there or ended before."""
    with store.writing():
        store.execute(
            "UPDATE oncall_override SET ended_at = ? WHERE id = ? AND ended_at IS NULL AND end_at > ?",
            (seconds(at), number, seconds(at)),
        )
        return store.changes() == 1


def overrides(store: Store, lo: datetime, hi: datetime) -> list[OnCallOverride]:
    """Those that hold at some time in [lo, hi), in the order in which they were entered."""
    found = store.execute(
        f"{_OVERRIDE}WHERE end_at > ? AND start_at < ? AND (ended_at IS NULL OR ended_at > start_at) ORDER BY id",
        (seconds(lo), seconds(hi)),
    )
    return [_override(row) for row in found]


def add_maintenance(store: Store, window: Maintenance) -> int:
    """Write a window; its id."""
    with store.writing():
        found = store.execute(
            "INSERT INTO maintenance (scope, name, start_at, end_at, reason, entered_by, entered_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                window.scope, storable(window.name), seconds(window.start), seconds(window.end),
                storable(window.reason), storable(window.entered_by), seconds(window.entered_at),
            ),
        )  # fmt: skip
        return int(found[0][0])


def end_maintenance(store: Store, number: int, by: str, at: datetime) -> bool:
    """End a window early; False when it is not there or over."""
    with store.writing():
        store.execute(
            "UPDATE maintenance SET ended_by = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL AND end_at > ?",
            (storable(by), seconds(at), number, seconds(at)),
        )
        return store.changes() == 1


def maintenance_at(store: Store, at: datetime) -> list[Maintenance]:
    """The windows that hold at an instant."""
    now = seconds(at)
    found = store.execute(
        f"{_MAINTENANCE}WHERE end_at > ? AND start_at <= ? AND (ended_at IS NULL OR ended_at > ?) ORDER BY id",
        (now, now, now),
    )
    return [_maintenance(row) for row in found]


def all_maintenance(store: Store, limit: int) -> Sequence[Maintenance]:
    """All windows, the newest first."""
    return [_maintenance(row) for row in store.execute(f"{_MAINTENANCE}ORDER BY id DESC LIMIT ?", (limit,))]


def _override(row: tuple[Any, ...]) -> OnCallOverride:
    end, ended = instant(row[4]), instant_or_none(row[8])
    return OnCallOverride(
        id=row[0], rotation=row[1], person=row[2], start=instant(row[3]),
        end=min(end, ended) if ended else end, reason=row[5], entered_by=row[6], entered_at=instant(row[7]),
    )  # fmt: skip


def _maintenance(row: tuple[Any, ...]) -> Maintenance:
    return Maintenance(
        id=row[0], scope=row[1], name=row[2], start=instant(row[3]), end=instant(row[4]), reason=row[5],
        entered_by=row[6], entered_at=instant(row[7]), ended_by=row[8], ended_at=instant_or_none(row[9]),
    )  # fmt: skip

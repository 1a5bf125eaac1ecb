"""The page of notices: why nobody took one stands whole at every width."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supporttui.console.present import notices
from supporttui.console.present.setting import Setting
from supporttui.console.present.spans import line_width, plain
from supporttui.store.records import Notice
from supporttui.watch.pulse import Health
from supporttui.watch.told import Told

NOW = datetime(2026, 11, 20, 20, 46, tzinfo=UTC)
WHY = "the mail server refused it: 550 5.1.1 there is no such user in this house, ask the postmaster"


def page(cells: int) -> list[str]:
    lost = Notice(
        id=1, key="k", ticket=221, severity=1, address="mail:t@x.example", person="Tomas Berg", state="dead",
        label="President and General Manager", due_at=NOW, made_at=NOW - timedelta(minutes=9), error=WHY,
    )  # fmt: skip
    found = Told(NOW, Health("", None, None, None, 0, 1), (), (lost,), (), (), (), ())
    rows = notices.rows(found, (), cells, Setting(actor="ana"), NOW)
    assert all(line_width(row.line) == cells for row in rows)
    return [plain(row.line) for row in rows]


@pytest.mark.parametrize("cells", [58, 79, 119, 159])
def test_why_a_notice_was_lost_stands_whole_below_it(cells: int):
    lines = page(cells)
    at = next(at for at, one in enumerate(lines) if "Tomas Berg" in one)
    assert "President" in lines[at] and "550" not in lines[at]
    below = " ".join(" ".join(lines[at + 1 : at + 4]).split())
    assert WHY in below

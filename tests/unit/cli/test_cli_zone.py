"""The machine's own zone, with its DST rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supporttui.cli import zone


@pytest.mark.parametrize("name", ["America/Chicago", ":America/Chicago"])
def test_the_zone_that_tz_names(name):
    found = zone.machine_zone({"TZ": name})
    assert datetime(2026, 1, 1, tzinfo=found).utcoffset() == timedelta(hours=-6)
    assert datetime(2026, 7, 1, tzinfo=found).utcoffset() == timedelta(hours=-5)


def test_utc():
    assert zone.machine_zone({"TZ": "UTC"}) is UTC


@pytest.mark.parametrize("name", ["No/Such", "../../etc/passwd", "\x00", "x" * 5000])
def test_a_zone_that_is_none_still_gives_a_zone(name):
    assert datetime.now(UTC).astimezone(zone.machine_zone({"TZ": name})).utcoffset() is not None


def test_a_linked_localtime_is_followed(monkeypatch, tmp_path):
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    monkeypatch.setattr(zone, "LOCALTIME", link)
    assert str(zone.machine_zone({})) == "Europe/Berlin"


def test_without_any_localtime_there_is_still_a_zone(monkeypatch, tmp_path):
    monkeypatch.setattr(zone, "LOCALTIME", tmp_path / "none")
    assert datetime.now(UTC).astimezone(zone.machine_zone({})).utcoffset() is not None

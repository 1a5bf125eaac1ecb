"""What a form is made of on its way in: parts in any cut, seals, limits, and the files that wait."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.errors import DataError
from supporttui.intake.web.hours import reach
from supporttui.intake.web.multipart import Limits, receive
from supporttui.intake.web.pace import Pace, visitor
from supporttui.intake.web.sealing import Seal
from supporttui.intake.web.staging import Staging
from supporttui.store.blobs import Blobs

LIMITS = Limits(most_bytes=100_000, most_files=3)
DAY = timedelta(days=1)


def body(*parts: tuple[str, str | None, bytes]) -> bytes:
    out = b""
    for name, filename, content in parts:
        file = f'; filename="{filename}"' if filename is not None else ""
        out += (
            f'--XyZ\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
            + content
            + b"\r\n"
        )
    return out + b"--XyZ--\r\n"


@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=300) | st.just(b"\r\n--XyZ\r\n--Xy\r\n-"),
    cuts=st.lists(st.integers(1, 40), max_size=30),
)
def test_a_file_arrives_whole_however_it_is_cut(tmp_path_factory, content, cuts):
    content = content.replace(b"--XyZ", b"--Xyz")
    blobs, whole = (
        Blobs(tmp_path_factory.mktemp("cut")),
        body(("a", None, b"one"), ("f", "f.bin", content), ("b", None, b"two")),
    )
    chunks, at = [], 0
    for cut in cuts:
        chunks.append(whole[at : at + cut])
        at += cut
    sent = receive([*chunks, whole[at:]], b"XyZ", blobs, LIMITS, lambda _: True)
    assert (sent.values, [one.size for one in sent.files]) == ({"a": "one", "b": "two"}, [len(content)])
    with blobs.open(sent.files[0].hash) as file:
        assert file.read() == content


def test_no_file_chosen_is_no_file(tmp_path):
    sent = receive([body(("files", "", b""))], b"XyZ", Blobs(tmp_path), LIMITS, lambda _: True)
    assert sent.files == [] and sent.refused == []


def test_more_files_than_a_report_takes_are_named(tmp_path):
    parts = [("files", f"{n}.log", b"%d" % n) for n in range(5)]
    sent = receive([body(*parts)], b"XyZ", Blobs(tmp_path), LIMITS, lambda _: True)
    assert [one.name for one in sent.files] == ["0.log", "1.log", "2.log"]
    assert [one.partition(":")[0] for one in sent.refused] == ["3.log", "4.log"]


def test_files_that_are_not_welcome_leave_nothing(tmp_path):
    asked = []
    sent = receive(
        [body(("token", None, b"bad"), ("files", "a", b"a"), ("files", "b", b"b"), ("late", None, b"x"))],
        b"XyZ", Blobs(tmp_path / "none"), LIMITS, lambda values: asked.append(dict(values)) or False,
    )  # fmt: skip
    assert asked == [{"token": "bad"}] and sent.files == [] and sent.values["late"] == "x"
    assert not (tmp_path / "none").exists()


def test_a_form_that_breaks_off_leaves_no_file(tmp_path):
    with pytest.raises(DataError, match="broke off"):
        receive(
            [body(("files", "a.log", b"x" * 5000))[:3000]], b"XyZ", Blobs(tmp_path), LIMITS, lambda _: True
        )
    assert list((tmp_path / "aside").iterdir()) == []


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_a_form_or_one_clear_error(tmp_path_factory, junk):
    try:
        receive([b"--XyZ\r\n", junk], b"XyZ", Blobs(tmp_path_factory.mktemp("junk")), LIMITS, lambda _: True)
    except DataError:
        pass


# -- seals ---------------------------------------------------------------------------------------


def test_a_seal_opens_for_its_purpose_and_in_its_time(clock):
    seal = Seal(b"secret")
    text = seal.close("form", {"id": "é"}, clock.now())
    assert seal.open("form", text, clock.now(), DAY) == {"id": "é"}
    assert seal.open("file", text, clock.now(), DAY) is None
    assert Seal(b"other").open("form", text, clock.now(), DAY) is None
    clock.advance(hours=25)
    assert seal.open("form", text, clock.now(), DAY) is None


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_what_was_made_up_never_opens(made):
    from datetime import UTC, datetime

    assert Seal(b"secret").open("form", made, datetime(2026, 1, 1, tzinfo=UTC), DAY) is None


def test_one_changed_letter_breaks_a_seal(clock):
    seal = Seal(b"secret")
    text = seal.close("receipt", {"number": 7}, clock.now())
    for at in range(len(text) - 1):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        assert seal.open("receipt", changed, clock.now(), DAY) is None


# -- limits --------------------------------------------------------------------------------------


def test_a_pace_lets_through_again_after_its_time(clock):
    pace = Pace(2, timedelta(minutes=10), clock.now)
    assert [pace.take("a"), pace.take("a"), pace.take("a"), pace.take("b")] == [True, True, False, True]
    clock.advance(minutes=4)
    assert not pace.take("a") and pace.wait("a") == 360
    clock.advance(minutes=6)
    assert pace.take("a")


def test_a_flood_of_visitors_takes_no_more_memory(clock, monkeypatch):
    from supporttui.intake.web import pace as module

    monkeypatch.setattr(module, "MOST_KNOWN", 50)
    pace = Pace(2, timedelta(minutes=10), clock.now)
    for n in range(500):
        pace.take(f"{n}")
    assert len(pace._seen) <= 51


@pytest.mark.parametrize(
    ("address", "counts_for"),
    [
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"), ("", "unknown"), ("testclient", "unknown"),
    ],
)  # fmt: skip
def test_a_network_of_ipv6_is_one_visitor(address, counts_for):
    assert visitor(address) == counts_for


# -- files that wait -----------------------------------------------------------------------------


def test_a_file_waits_for_a_day_and_its_form_can_prolong_it(tmp_path):
    stage = Staging(Blobs(tmp_path), 1000)
    old, used = stage.blobs.put_bytes(b"old"), stage.blobs.put_bytes(b"used")
    for one in (old, used):
        os.utime(stage.blobs.path(one.hash), (1, 1))
    assert stage.touch(used.hash) and not stage.touch("0" * 64)
    assert stage.sweep(time.time() - 3600) == 1
    assert not stage.blobs.has(old.hash) and stage.blobs.has(used.hash)


def test_what_waits_has_a_limit(tmp_path):
    stage = Staging(Blobs(tmp_path), 10)
    assert stage.has_room()
    stage.blobs.put_bytes(b"x" * 200)
    assert not stage.has_room()


# -- hours ---------------------------------------------------------------------------------------


def test_a_vendor_without_a_number_for_the_night(clock):
    from supporttui.policy import load

    clock.advance(hours=5)
    found = reach(load("xnet"), clock.now())
    assert not found.is_open and found.after_hours is None and found.number.dial == "0199897509"
    assert found.opens.endswith("+08")

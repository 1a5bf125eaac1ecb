"""Recordings: the same scenario gives the same files, and playing one shows what the console showed."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pyte
import pytest_asyncio

from supporttui.demo.scenarios.table import find
from tests.look.record import Recording, animation, asciicast, record
from tests.wire.driver import Screen

SCENARIO = find("undo-a-mistake")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def recording() -> Recording:
    return await record(SCENARIO, (80, 24))


def test_an_asciicast_plays_to_the_last_screen(recording: Recording):
    head, *events = map(json.loads, asciicast(recording, "title").splitlines())
    assert (head["version"], head["width"], head["height"]) == (2, 80, 24)
    screen = Screen(80, 24)
    stream = pyte.Stream(screen)
    seen = []
    for at, kind, text in events:
        assert kind == "o" and (not seen or at >= seen[-1][0])
        stream.feed(text)
        seen.append((at, "\n".join(line.rstrip() for line in screen.display)))
    for step in SCENARIO.steps:
        assert any(" ".join(step.caption.split()[:6]) in shown for _, shown in seen), step.caption
    assert "That was it" in seen[-1][1] and seen[-1][0] > len(SCENARIO.steps) * 1.6
    last = ["".join(text for text, _ in row).rstrip() for row in recording.frames[-1][1]]
    assert seen[-1][1].split("\n") == last


def test_an_animation_is_well_formed_and_shows_every_frame_in_its_time(recording: Recording):
    svg = animation(recording, "a <title> & more")
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label") == "a <title> & more"
    for name, points in re.findall(r"@keyframes (k\d+) \{ (.*?) \}$", svg, re.MULTILINE):
        places = [float(place) for place in re.findall(r"([\d.]+)%", points)]
        assert places == sorted(places) and places[-1] <= 100, name
        assert f"animation-name: {name} " in svg
    words = "".join(root.itertext()).replace("\xa0", " ")
    assert "Severity of 2" in words and "That was it" in words


async def test_the_same_scenario_gives_the_same_files(recording: Recording):
    again = await record(SCENARIO, (80, 24))
    assert asciicast(again, "x") == asciicast(recording, "x")
    assert animation(again, "x") == animation(recording, "x")

"""Record scenarios: an asciicast that terminals play, and an SVG that a page plays by itself.

    python tests/look/record.py [--folder docs] [--size 80x24] [night-sev1 …]

Writes NAME.cast (asciicast v2) and NAME.svg.  Keys are pressed as `--play` does; times are those of
its pace, worked out and not measured, so that the same program records the same files.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rich.console import Console as Rich
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from supporttui.console.guided import GuidedApp
from supporttui.console.play import KEY, LEAST, Player
from supporttui.demo.scenarios.script import Scenario, Step
from supporttui.demo.scenarios.table import find
from tests.console.driver import Console, at_console
from tests.look.gallery import AT

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ("night-sev1",)
INSTANT = 1e6  # the player's speed while it is recorded
COLOURS = TerminalTheme(
    (30, 30, 30), (212, 212, 212),
    [(0, 0, 0), (205, 49, 49), (13, 188, 121), (229, 229, 16), (36, 114, 200), (188, 63, 188), (17, 168, 205), (229, 229, 229)],
    [(102, 102, 102), (241, 76, 76), (35, 209, 139), (245, 245, 67), (59, 142, 234), (214, 112, 214), (41, 184, 219), (255, 255, 255)],
)  # fmt: skip
CELL, LINE = 8.4, 18.0  # pixels of a cell in the picture
SHORTEST = 0.3  # seconds that a frame of the picture stands

Row = tuple[tuple[str, Style | None], ...]


@dataclass
class Recording:
    """Frames with the second at which each begins."""

    size: tuple[int, int]
    frames: list[tuple[float, list[Row]]] = field(default_factory=list)
    at: float = 0.0

    def take(self, desk: Console) -> None:
        """What is on the screen now, unless it is what was there before."""
        strips = desk.app.screen._compositor.render_strips()
        rows = [_row(list(strip)) for strip in strips]
        if not self.frames or self.frames[-1][1] != rows:
            self.frames.append((self.at, rows))


def _row(segments: list[Segment]) -> Row:
    return tuple((segment.text, segment.style) for segment in Segment.simplify(segments) if segment.text)


class Recorder(Player):
    """A player that takes a frame after every key, and adds up the seconds that a person would have waited."""

    def __init__(self, desk: Console, scenario: Scenario, recording: Recording) -> None:
        super().__init__(
            desk.app, scenario, lambda by: desk.clock.advance(seconds=by.total_seconds()), INSTANT
        )
        self._desk, self._recording = desk, recording

    async def _waits(self, seconds: float) -> None:
        await self._desk.settled()
        self._recording.take(self._desk)
        self._recording.at = round(self._recording.at + seconds, 2)

    async def _step(self, step: Step) -> None:
        await super()._step(step)
        await self._waits(KEY)


async def record(scenario: Scenario, size: tuple[int, int]) -> Recording:
    """The scenario as it is played."""
    recording = Recording(size)
    with tempfile.TemporaryDirectory() as folder:
        async with at_console(Path(folder), scenario=scenario, size=size, kind=GuidedApp) as desk:
            recorder = Recorder(desk, scenario, recording)
            desk.app.guide_by(recorder)
            await desk.settled()
            await recorder.play()
            await recorder._waits(LEAST)
    return recording


def asciicast(recording: Recording, title: str) -> str:
    """The recording in asciicast v2: only lines that differ are written."""
    width, height = recording.size
    head = {"version": 2, "width": width, "height": height, "timestamp": int(AT.timestamp()), "title": title}
    rich = Rich(color_system="standard", force_terminal=True, width=width, legacy_windows=False)
    lines, before = [json.dumps(head)], [()] * height
    for at, rows in recording.frames:
        out = "\x1b[?25l" if not lines[1:] else ""
        for place, row in enumerate(rows):
            if row != before[place]:
                text = "".join(
                    style.render(part, color_system=rich._color_system) if style else part
                    for part, style in row
                )
                out += f"\x1b[{place + 1};1H{text}\x1b[0m\x1b[K"
        lines.append(json.dumps([at, "o", out], ensure_ascii=False))
        before = rows
    return "\n".join(lines) + "\n"


def animation(recording: Recording, title: str) -> str:
    """The recording as an SVG that plays itself: each line is drawn once and shown while it stands."""
    frames = _slower(recording)
    end = recording.at + 2
    width, height = recording.size[0] * CELL + 16, recording.size[1] * LINE + 16
    spans: dict[tuple[int, Row], list[tuple[float, float]]] = {}
    for place, (at, rows) in enumerate(frames):
        until = frames[place + 1][0] if place + 1 < len(frames) else end
        for y, row in enumerate(rows):
            shown = spans.setdefault((y, row), [])
            if shown and shown[-1][1] == at:
                shown[-1] = (shown[-1][0], until)
            else:
                shown.append((at, until))
    style, groups = [], []
    for number, ((y, row), shown) in enumerate(spans.items()):
        drawn = _drawn(y, row)
        if drawn:
            always = shown == [(0.0, end)]
            groups.append(drawn if always else f'<g class="f f{number}">{drawn}</g>')
            if not always:
                style.append(_keyframes(number, shown, end))
    return SVG.format(
        width=f"{width:g}", height=f"{height:g}", title=html.escape(title), style="\n".join(style), end=f"{end:g}",
        ground=_hex(COLOURS.background_color), fore=_hex(COLOURS.foreground_color), groups="\n".join(groups),
    )  # fmt: skip


SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}">
<style>
text {{ font: 14px DejaVu Sans Mono, Menlo, Consolas, monospace; white-space: pre; }}
.f {{ visibility: hidden; animation-duration: {end}s; animation-iteration-count: infinite; animation-timing-function: step-end; }}
{style}
</style>
<rect width="{width}" height="{height}" rx="6" fill="{ground}"/>
<g transform="translate(8 8)" fill="{fore}">
{groups}
</g>
</svg>
"""


def _slower(recording: Recording) -> list[tuple[float, list[Row]]]:
    """Frames that stand long enough to be seen; letters of a text come a few at a time."""
    kept: list[tuple[float, list[Row]]] = []
    for at, rows in recording.frames:
        if kept and at - kept[-1][0] < SHORTEST:
            kept[-1] = (kept[-1][0], rows)
        else:
            kept.append((at, rows))
    return kept


def _keyframes(number: int, shown: list[tuple[float, float]], end: float) -> str:
    steps = {} if shown[0][0] == 0 else {0.0: "hidden"}
    for begin, until in shown:
        steps[begin] = "visible"
        if until < end:
            steps[until] = "hidden"
    points = " ".join(f"{at / end * 100:.3f}% {{ visibility: {how} }}" for at, how in sorted(steps.items()))
    return f".f{number} {{ animation-name: k{number} }} @keyframes k{number} {{ {points} }}"


def _drawn(y: int, row: Row) -> str:
    """A line: grounds, then its words."""
    from wcwidth import wcswidth

    x, out = 0, []
    for text, style in row:
        cells, fore, ground, more = max(0, wcswidth(text)), *_look(style)
        if ground:
            out.append(
                f'<rect x="{x * CELL:g}" y="{y * LINE:g}" width="{cells * CELL:g}" height="{LINE:g}" fill="{ground}"/>'
            )
        words = text.rstrip()
        if words.strip():
            lead = len(words) - len(words.lstrip())
            place = f'x="{(x + lead) * CELL:g}" y="{y * LINE + 14:g}" textLength="{(wcswidth(words) - lead) * CELL:g}"'
            out.append(f"<text {place}{fore}{more}>{_kept(words.lstrip())}</text>")
        x += cells
    return "".join(out)


def _kept(words: str) -> str:
    """Words whose blanks no reader of SVG joins."""
    return html.escape(words).replace(" ", "&#160;")


def _look(style: Style | None) -> tuple[str, str, str]:
    """Attributes for the letters, the ground's colour ("" for none), and weight."""
    if style is None:
        return "", "", ""
    fore = style.color.get_truecolor(COLOURS) if style.color and not style.color.is_default else None
    ground = style.bgcolor.get_truecolor(COLOURS) if style.bgcolor and not style.bgcolor.is_default else None
    if style.reverse:
        fore, ground = ground or COLOURS.background_color, fore or COLOURS.foreground_color
    more = ' font-weight="bold"' if style.bold else ""
    more += ' opacity="0.6"' if style.dim else ""
    more += ' font-style="italic"' if style.italic else ""
    return f' fill="{_hex(fore)}"' if fore else "", _hex(ground) if ground else "", more


def _hex(colour: Any) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def main() -> None:
    parser = argparse.ArgumentParser(description="Record scenarios.")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs")
    parser.add_argument("--size", default="80x24")
    parser.add_argument("names", nargs="*", default=RECORDED)
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    for name in options.names:
        scenario = find(name)
        recording = asyncio.run(record(scenario, (width, height)))
        for suffix, made in (("cast", asciicast), ("svg", animation)):
            file = options.folder / f"{name}.{suffix}"
            file.write_text(made(recording, f"{name}: {scenario.story}"), encoding="utf-8")
            print(file, file.stat().st_size, len(recording.frames), "frames", recording.at, "s")


if __name__ == "__main__":
    main()

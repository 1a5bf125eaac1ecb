"""Draw the README's pictures from the sample desk at one fixed instant.

    python tests/look/pictures.py [FOLDER]

Writes NAME.svg for each of PICTURES into docs/ (or FOLDER).  The same program
draws the same pictures; a test compares their words with what it draws now.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.look.gallery import Shot, at

ROOT = Path(__file__).resolve().parents[2]
THEME = "ansi-dark"
PICTURES = {
    shot.name: shot
    for shot in (
        Shot("console", ("down", "down"), (120, 40)),
        Shot("ticket", ("down", "down", "open"), (80, 24)),
        Shot("keys", ("help",), (80, 24)),
        Shot(
            "report",
            (
                "report",
                "type:System down, no transfer runs",
                "key:enter",
                "type:1",
                "key:enter",
                "type:0142",
                "key:enter",
            ),
            (96, 28),
        ),
        Shot("who-pays", ("down", "down", "why"), (96, 28)),
        Shot("customer", ("down", "down", "customers"), (96, 30)),
        Shot("inbox", ("odd-mail:", "inbox", "first", "down"), (96, 26)),
        Shot("wall", ("wall",), (80, 24)),
        Shot("handover", ("handover",), (96, 30)),
        Shot("tour", ("tour",), (80, 24)),
    )
}


async def drawn(shot: Shot) -> str:
    """One picture."""
    async with at(shot, shot.size or (80, 24), THEME) as desk:
        return plain(desk.app.export_screenshot(title=f"supporttui, {shot.name}"))


async def draw(folder: Path) -> None:
    """All pictures into a folder."""
    for name, shot in PICTURES.items():
        (folder / f"{name}.svg").write_text(await drawn(shot), encoding="utf-8")
        print(folder / f"{name}.svg")


def plain(svg: str) -> str:
    """The picture without fonts from elsewhere: whatever monospaced font the reader has."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(
        r"font-family: Fira Code, monospace", "font-family: DejaVu Sans Mono, Menlo, Consolas, monospace", svg
    )
    return re.sub(r"terminal-\d+", "terminal", svg)


def words(svg: str) -> list[str]:
    """What a reader of the picture reads, piece by piece."""
    return [html.unescape(piece).replace("\xa0", " ") for piece in re.findall(r">([^<>]+)</text>", svg)]


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"))

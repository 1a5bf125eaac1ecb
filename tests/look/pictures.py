"""Draw the README's pictures from the sample desk at one fixed instant.

    python tests/look/pictures.py [FOLDER]

Writes console.svg, ticket.svg and keys.svg into docs/ (or FOLDER).  The same
program draws the same pictures.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 20, 20, 46, 12, tzinfo=UTC)
PICTURES = {  # name: (columns, lines, keys)
    "console": (132, 38, ["j", "j"]),
    "ticket": (80, 24, ["j", "j", "enter"]),
    "keys": (80, 24, ["?"]),
}


async def draw(folder: Path) -> None:
    from supporttui.clock import ManualClock
    from supporttui.console.app import ConsoleApp
    from supporttui.console.wardrobe import Wardrobe
    from supporttui.demo import build_demo
    from supporttui.desk.session import Desk
    from supporttui.store import open_store

    for name, (columns, lines, keys) in PICTURES.items():
        with tempfile.TemporaryDirectory() as scratch:
            desk = Desk(open_store(f"{scratch}/demo.sqlite3"), "netex", ManualClock(AT), "ana")
            build_demo(desk)
            app = ConsoleApp(desk, ZoneInfo("America/Chicago"), wardrobe=Wardrobe(), beating=False)
            async with app.run_test(size=(columns, lines)) as pilot:
                await app.ready.wait()
                await app.keeper.beat()
                await pilot.press(*keys)
                await pilot.pause(1.0)
                svg = app.export_screenshot(title=f"supporttui, {name}")
        (folder / f"{name}.svg").write_text(plain(svg), encoding="utf-8")
        print(folder / f"{name}.svg")


def plain(svg: str) -> str:
    """The picture without fonts from elsewhere: whatever monospaced font the reader has."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(
        r"font-family: Fira Code, monospace", "font-family: DejaVu Sans Mono, Menlo, Consolas, monospace", svg
    )
    return re.sub(r"terminal-\d+", "terminal", svg)


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"))

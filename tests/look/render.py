"""Make a picture of a program's screen, for people who want to look at it.

    python tests/look/render.py --cols 80 --lines 24 --keys "j j enter" --out x.png -- \\
        python -m supporttui --demo

Runs the program in a pty, presses the keys one by one (each after the screen
has settled), and draws what a terminal would show.  Keys are the names of
tests/wire/driver.py (enter, escape, down, ctrl+p, space …) or letters;
"text:hello" types a word and "wait:Queue" waits for a text.  --text prints the screen as text,
--capture FILE draws a file made by `tmux capture-pane -e -p` instead.
Needs Pillow, which only developers install, and the DejaVu fonts.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pyte
from wcwidth import wcwidth

from tests.wire.driver import ROOT, Screen, Terminal, base_environment

FONT_FOLDERS = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
FACES = {"": "DejaVuSansMono.ttf", "bold": "DejaVuSansMono-Bold.ttf", "italic": "DejaVuSansMono-Oblique.ttf"}
NAMED = {
    "black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "e5e510", "blue": "2472c8", "magenta": "bc3fbc",
    "cyan": "11a8cd", "white": "e5e5e5", "brightblack": "666666", "brightred": "f14c4c", "brightgreen": "23d18b",
    "brightbrown": "f5f543", "brightyellow": "f5f543", "brightblue": "3b8eea", "brightmagenta": "d670d6",
    "bfightmagenta": "d670d6", "brightcyan": "29b8db", "brightwhite": "ffffff",
}  # fmt: skip
SCHEMES = {"dark": ("d4d4d4", "1e1e1e"), "light": ("333333", "ffffff")}


class Painter:
    """Draws a pyte screen with Pillow."""

    def __init__(self, scheme: str, size: int) -> None:
        from PIL import Image, ImageDraw, ImageFont

        self.image_kind, self.draw_kind = Image, ImageDraw
        self.fore, self.ground = SCHEMES[scheme]
        self.fonts = {name: ImageFont.truetype(str(_font_file(file)), size) for name, file in FACES.items()}
        box = self.fonts[""].getbbox("M")
        self.cell_width = round(self.fonts[""].getlength("M"))
        self.cell_height = round(size * 1.22)
        self.drop = (self.cell_height - size) // 2 - min(0, int(box[1]) - 4) // 8

    def paint(self, screen: pyte.Screen) -> Any:
        """The whole screen as a Pillow image."""
        image = self.image_kind.new(
            "RGB", (screen.columns * self.cell_width, screen.lines * self.cell_height), f"#{self.ground}"
        )
        draw = self.draw_kind.Draw(image)
        for y in range(screen.lines):
            for x in range(screen.columns):
                self._cell(draw, x, y, screen.buffer[y][x])
        if not screen.cursor.hidden:
            left, top = screen.cursor.x * self.cell_width, screen.cursor.y * self.cell_height
            draw.rectangle(
                (left, top, left + self.cell_width - 1, top + self.cell_height - 1), outline="#ffffff"
            )
        return image

    def _cell(self, draw: Any, x: int, y: int, char: Any) -> None:
        fore, ground = self._rgb(char.fg, self.fore), self._rgb(char.bg, self.ground)
        if char.reverse:
            fore, ground = ground, fore
        if char.blink:  # the driver's screen keeps "dim" there
            fore = _mixed(fore, ground)
        left, top = x * self.cell_width, y * self.cell_height
        wide = 2 if char.data and wcwidth(char.data[0]) == 2 else 1
        if char.data:
            draw.rectangle(
                (left, top, left + wide * self.cell_width - 1, top + self.cell_height - 1), fill=ground
            )
        if char.data.strip():
            face = "bold" if char.bold else "italic" if char.italics else ""
            draw.text((left, top + self.drop), char.data, font=self.fonts[face], fill=fore)
        if char.underscore:
            draw.line(
                (left, top + self.cell_height - 2, left + self.cell_width - 1, top + self.cell_height - 2),
                fill=fore,
            )

    def _rgb(self, name: str, default: str) -> str:
        return f"#{default}" if name == "default" else f"#{NAMED.get(name, name)}"


def _mixed(one: str, other: str) -> str:
    parts = ((int(one[at : at + 2], 16) * 6 + int(other[at : at + 2], 16) * 4) // 10 for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _font_file(name: str) -> Path:
    for folder in FONT_FOLDERS:
        if (file := Path(folder) / name).is_file():
            return file
    raise SystemExit(f"render: no {name} found; install the DejaVu fonts (fonts-dejavu-core)")


def run(options: argparse.Namespace) -> pyte.Screen:
    """Run the program, press the keys, and give back its screen."""
    environment = base_environment(**dict(pair.split("=", 1) for pair in options.env))
    environment["COLORTERM"] = options.colorterm
    for name in ("HOME", "USER", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        if name in os.environ:
            environment.setdefault(name, os.environ[name])
    argv = [sys.executable if word == "python" else word for word in options.command]
    with Terminal(argv, environment, columns=options.cols, lines=options.lines, cwd=ROOT) as term:
        if options.wait:
            term.wait_for(options.wait)
        else:
            term.wait_for(lambda shown: len(shown.text.strip()) > 40)
        term.settle(options.settle)
        for key in options.keys.split():
            if key.startswith("wait:"):
                term.wait_for(key[5:])
            elif key.startswith("text:"):
                term.type(key[5:])
            else:
                term.send(key)
            term.settle(options.settle)
        if options.bytes:
            print(f"{len(term.raw)} bytes", file=sys.stderr)
        return term.screen


def captured(file: Path, columns: int, lines: int) -> pyte.Screen:
    """The screen that a tmux capture with escapes shows."""
    screen = Screen(columns, lines)
    pyte.ByteStream(screen).feed(file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").rstrip())
    screen.cursor.hidden = True
    return screen


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a PNG of a program's screen.")
    parser.add_argument("--cols", type=int, default=80)
    parser.add_argument("--lines", type=int, default=24)
    parser.add_argument(
        "--keys", default="", help='keys to press, such as "j j enter wait:Ticket text:hello"'
    )
    parser.add_argument("--wait", default="", help="text that must show before the first key")
    parser.add_argument("--settle", type=int, default=400, help="quiet milliseconds after each key")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--colorterm", default="truecolor")
    parser.add_argument("--scheme", choices=sorted(SCHEMES), default="dark")
    parser.add_argument("--size", type=int, default=15, help="font size in pixels")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--text", action="store_true", help="print the screen as text")
    parser.add_argument("--bytes", action="store_true", help="print how many bytes the program wrote")
    parser.add_argument("--capture", type=Path, help="draw this tmux capture instead of running a program")
    parser.add_argument("command", nargs="*")
    options = parser.parse_args()
    if not (options.command or options.capture):
        parser.error("give a command after --, or --capture FILE")
    screen = captured(options.capture, options.cols, options.lines) if options.capture else run(options)
    if options.text or not options.out:
        print("\n".join(line.rstrip() for line in screen.display))
    if options.out:
        Painter(options.scheme, options.size).paint(screen).save(options.out)


if __name__ == "__main__":
    main()

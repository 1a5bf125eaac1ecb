"""Wall, handover, customer look-up and tabs on a store full of hostile text, in a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wire.hostile import STORABLE
from tests.wire.test_hostile_console import CLIPBOARD, Console
from tests.wire.test_hostile_console import store as store

WALKS = {
    "wall": ("w", "pagedown", "pagedown", "a", "r", "x", "pageup"),
    "handover": ("H", "j", "j", "pagedown", "G", "-", "+", "h", "y", "A", "x", "enter", "u", "W", "escape", "g", "j", "enter"),
    "customer": ("C", "j", "y", "j", "y", "pagedown", "G", "g", "-", "+", "/", "a", "enter", "escape", "C", "down", "enter", "f"),
    "known errors": ("K", "j", "]", "l", "w", "escape", "K", "/", "down", "enter", "e", "escape", "q", "escape"),
    "book": ("C", "+", "pagedown", "pagedown", "g", "enter", "tab", "tab", "escape", "a", "1", "escape", "G", "enter", "x", "escape", "u"),
    "products": ("P", "j", "enter", "tab", "down", "escape", "escape", "e", "escape", "a", "1", "escape", "G", "-", "+"),
    "who pays": ("W", "pagedown", "G", "g", "C", "escape", "escape", "n", "tab", "tab", "E", "down", "enter", "enter", "2", "tab", "escape"),
    "inbox": ("I", "j", "enter", "pagedown", "G", "q", "j", "j", "enter", "escape", "A", "escape", "t", "escape", "M", "escape", "B", "y", "x", "a", "pagedown", "enter", "escape", "G", "enter", "j", "enter", "escape", "-", "+", "o"),
    "files": ("A", "j", "enter", "s", "escape", "q", "s", "escape", "a", "escape", "M", "9", "enter", "escape", "x", "n", "x", "y", "u", "U", "q"),
    "telephone": ("l", "tab", "shift+tab", "shift+tab", "down", "escape", "l", "escape", "Y", "j", "y", "l", "escape", "3", "j", "enter", "j", "enter", "q"),
    "people": (":", *"people", "enter", "-", "down", "escape", "escape", "r", "escape", "n", "E", "tab", "tab", "tab", "down", "escape", "escape"),
    "views": ("]", "]", "]", "F", "escape", "]", "]", "]", "]", "]", "]", "X", "escape"),
}  # fmt: skip


@pytest.mark.parametrize(
    "size", [(80, 24), *(pytest.param(size, marks=pytest.mark.slow) for size in ((60, 20), (200, 60)))]
)
@pytest.mark.parametrize("walk", WALKS)
def test_no_byte_of_a_strangers_text_is_obeyed(
    store: Path, tmp_path: Path, walk: str, size: tuple[int, int]
) -> None:
    with Console(store, tmp_path, columns=size[0], lines=size[1]) as console:
        console.press("j", "j", "j")
        for key in WALKS[walk]:
            console.press(key)
            console.check(f"{walk} after {key} at {size}", CLIPBOARD)
        assert console.leave() == 0


def test_files_that_are_nothing_but_escapes_are_read(store: Path, tmp_path: Path) -> None:
    """Every file of the store has the content of all payloads; its beginning is on the screen, and in the journal."""
    content = b"\n".join(
        [b"READ ME", *(text.encode("utf-8", "replace") for text in STORABLE.values()), bytes(range(128, 256))]
    )
    for number in range(len(STORABLE)):
        file = tmp_path / "files" / "00" / f"{number:064x}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    with Console(store, tmp_path, columns=80, lines=24) as console:
        console.press("j", "j", "j", "A", "enter")
        console.wait_for("READ ME")
        keys = "pagedown pagedown G g s escape j enter q M 1 enter escape x n q 3"
        for key in keys.split():
            console.press(key)
            console.check(f"a file after {key}", CLIPBOARD)
        assert console.leave() == 0


@pytest.mark.slow
def test_packages_of_strangers_are_renewed(store: Path, tmp_path: Path) -> None:
    """The page of renewals, the quote, the two questions and the customer's page from there."""
    with Console(store, tmp_path, "--policy", "xnet", columns=80, lines=24) as console:
        for key in (
            "$",
            "j",
            "enter",
            "pagedown",
            "r",
            "1",
            "y",
            "j",
            "r",
            "2",
            "n",
            "G",
            "C",
            "escape",
            "u",
            "-",
            "+",
        ):
            console.press(key)
            console.check(f"renewals after {key}", CLIPBOARD)
        assert console.leave() == 0


def test_the_files_in_ascii(store: Path, tmp_path: Path) -> None:
    for number in range(len(STORABLE)):
        file = tmp_path / "files" / "00" / f"{number:064x}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"READ ME größer\n{'x' * 5000}\n" + "y\n" * 3000)
    with Console(store, tmp_path, columns=80, lines=24, LANG="C") as console:
        console.press("j", "j", "j", "A", "enter")
        console.wait_for("READ ME")
        console.press("pagedown", "G", "q", "s", "escape", "x", "escape")
        assert bytes(console.raw).isascii()
        assert console.leave() == 0


def test_the_inbox_and_the_telephone_in_ascii(store: Path, tmp_path: Path) -> None:
    with Console(store, tmp_path, columns=80, lines=24, LANG="C") as console:
        console.press("j", "j", "j", "I")
        console.wait_for("Inbox:")
        console.press("enter", "pagedown", "G", "q", "j", "j", "q", "Y")
        console.wait_for("Status of")
        console.press("l", "tab", "escape")
        assert bytes(console.raw).isascii()
        assert console.leave() == 0


def test_the_wall_in_ascii(store: Path, tmp_path: Path) -> None:
    with Console(store, tmp_path, columns=120, lines=40, LANG="C") as console:
        console.press("w")
        console.wait_for("NetEx wall")
        console.press("pagedown")
        assert bytes(console.raw).isascii()
        assert console.leave() == 0


def test_the_book_in_ascii(store: Path, tmp_path: Path) -> None:
    with Console(store, tmp_path, columns=80, lines=24, LANG="C") as console:
        console.press("j", "j", "j", "C")
        console.wait_for("Customer:")
        for key in (
            "pagedown",
            "pagedown",
            "g",
            "/",
            "z",
            "z",
            "q",
            "enter",
            "escape",
            "enter",
            "tab",
            "escape",
        ):
            console.press(key)
        console.press("q", "P")
        console.wait_for("Products and releases")
        console.press("pagedown", "g", "e")
        assert bytes(console.raw).isascii()
        assert console.leave() == 0

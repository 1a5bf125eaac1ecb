"""The console on a store full of hostile text: every pane and dialog, 0 foreign bytes, actions, processes, crashes.

The walk uses the keys of the registry of verbs, so a new verb is walked too.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from supporttui.verbs.registry import VERBS
from tests.wire.driver import Terminal, base_environment
from tests.wire.foreign import foreign_bytes
from tests.wire.hostile import CANARY, STORABLE, cocktail
from tests.wire.hostile_store import build

# What the console may write besides lines: its own title, bell, notices, clipboard.
OURS = (
    re.compile(rb"\x1b\]2;[^\x00-\x1f\x7f]*\x1b\\"),
    re.compile(rb"\x1b\](?:9|777);[^\x00-\x1f\x7f]*\x1b\\"),
    re.compile(rb"\x07"),
)
CLIPBOARD = re.compile(rb"\x1b\]52;c;[A-Za-z0-9+/=]*\x1b\\")
READY = re.compile(r"\bOpen\b")
LEAVING = {"quit", "suspend"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hostile-console")
    home.chmod(0o700)
    now = datetime.now(UTC).replace(microsecond=0)
    build(home / "desk.sqlite3", STORABLE, now - timedelta(minutes=1))
    return home / "desk.sqlite3"


class Console(Terminal):
    """The console on a copy of the hostile store; a browser started by it would leave a note."""

    def __init__(
        self, store: Path, home: Path, *options: str, columns: int = 120, lines: int = 36, **env: str
    ) -> None:
        home.chmod(0o700)
        copyfile(store, home / "desk.sqlite3")
        (home / "desk.sqlite3").chmod(0o600)
        self.note = home / "browser-started"
        environ = base_environment(
            HOME=str(home), SUPPORTTUI_USER="ana", SUPPORTTUI_ZONE="UTC", BROWSER=f"sh -c 'echo %s > {self.note}'",
            **env,
        )  # fmt: skip
        argv = [sys.executable, "-m", "supporttui", "--store", str(home / "desk.sqlite3"), *options]
        self._checked = 0
        super().__init__(argv, environ, columns=columns, lines=lines)
        self.wait_for(lambda term: READY.search(term.text) is not None and CANARY in term.text, timeout=40)
        self.calm()

    def calm(self) -> None:
        """Until a key's work is on the screen; countdowns go on, so only a short quiet is waited for."""
        self.settle(60)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.send("escape at once" if key == "escape" else key)
            self.calm()

    def children(self) -> list[str]:
        """Processes that the console has started and that still run."""
        try:
            return Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        except OSError:
            return []

    def check(self, what: str, *allowed: re.Pattern[bytes]) -> None:
        """Nothing foreign was written, nothing was started, and it still runs."""
        assert self.status is None and not self._ended(), f"{what}: ended with {self.status}\n{self.text}"
        new, self._checked = self.raw_since(self._checked), self.mark()
        assert foreign_bytes(new, [*OURS, *allowed]) == [], what
        assert self.children() == [], what
        assert not self.note.exists(), what
        assert "fault" not in self.line(self.screen.lines - 1), what

    def leave(self) -> int:
        """Back out of everything and quit; returns the exit status."""
        for _ in range(30):
            self.press("escape")
            self.send("q")
            self.settle(60)
            if self._ended():
                break
        status = self.wait_exit()
        assert foreign_bytes(bytes(self.raw), [*OURS, CLIPBOARD]) == []
        return status


@pytest.mark.slow
def test_every_ticket_in_the_queue_and_beside_it(store: Path, tmp_path: Path) -> None:
    with Console(store, tmp_path) as console:
        for _ in range(len(STORABLE)):
            console.press("j")
        console.check("walking down")
        assert console.leave() == 0


@pytest.mark.parametrize(
    "size", [(80, 24), *(pytest.param(size, marks=pytest.mark.slow) for size in ((200, 60), (64, 18)))]
)
def test_every_view_and_pane_at_every_size(store: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    with Console(store, tmp_path, columns=size[0], lines=size[1]) as console:
        for key in (
            "]",
            "]",
            "]",
            "]",
            "[",
            "1",
            "2",
            "j",
            "G",
            "3",
            "pagedown",
            "G",
            "z",
            "z",
            "tab",
            "enter",
            "j",
            "pagedown",
            "escape",
        ):
            console.press(key)
        console.resize(100, 30)
        console.calm()
        console.check(f"{size}")
        assert console.leave() == 0


@pytest.mark.parametrize(
    "name",
    [
        "osc-clipboard-write",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("markup-action", "c0-all", "many-lines", "bidi-override")
        ),
    ],
)
def test_every_verb_on_a_hostile_ticket(store: Path, tmp_path: Path, name: str) -> None:
    number = 1 + list(STORABLE).index(name)
    with Console(store, tmp_path) as console:
        console.press("#")
        console.type(str(number))
        console.press("enter", "1")
        for verb in VERBS:
            if verb.keys and verb.id not in LEAVING:
                console.press(verb.keys[0], "j", "escape")
                console.check(f"{verb.id} on {name}", CLIPBOARD)
        assert console.leave() == 0


@pytest.mark.parametrize(
    "name",
    [
        "osc-clipboard-write",
        *(pytest.param(one, marks=pytest.mark.slow) for one in ("c0-all", "bidi-override", "many-lines")),
    ],
)
def test_texts_and_forms_on_a_hostile_ticket(store: Path, tmp_path: Path, name: str) -> None:
    """What was said, canned replies filled in, completion, the review of fields, the page of drafts."""
    number = 1 + list(STORABLE).index(name)
    walks = (
        (
            "r",
            "ctrl+t",
            "down",
            "pagedown",
            "enter",
            "ctrl+o",
            "pagedown",
            "ctrl+o",
            "ctrl+d",
            "enter",
            "escape",
            "escape",
        ),
        ("e", "tab", "down", "down", "enter", "tab", "tab", "x", "ctrl+d", "enter", "escape"),
        ("n", "tab", "tab", "down", "pagedown", "enter", "tab", "down", "enter", "tab", "escape", "escape"),
        (
            "l",
            "shift+tab",
            "down",
            "enter",
            "shift+tab",
            "down",
            "ctrl+d",
            "enter",
            "escape",
            "enter",
            "pagedown",
            "escape",
        ),
        ("Y", "pagedown", "y", "l", "escape"),
        ("L", "2", "enter", "escape"),
        ("M", "2", "enter", "escape"),
        ("D", "down", "x", "escape", "escape"),
    )
    with Console(store, tmp_path) as console:
        console.press("#")
        console.type(str(number))
        console.press("enter", "1")
        for walk in walks:
            for key in walk:
                console.press(key)
                console.check(f"{key} of {' '.join(walk)} on {name}", CLIPBOARD)
        assert console.leave() == 0


def test_hostile_words_typed_into_every_prompt(store: Path, tmp_path: Path) -> None:
    # Where no prompt opens, letters are verbs: "q" would end the walk.
    words = "".join(char for char in cocktail() if char.isprintable() and char not in "qQ")
    with Console(store, tmp_path) as console:
        for at, key in enumerate(("/", "f", ":", "#", "t", "O", "?", "a", "i", "r", "n")):
            console.press("escape", "1", key)
            console.type(words[at * 60 : at * 60 + 60])
            console.calm()
            console.press("enter")
            console.check(f"typed after {key}", CLIPBOARD)
        assert console.leave() == 0


def test_pasted_control_characters_stay_text(store: Path, tmp_path: Path) -> None:
    with Console(store, tmp_path) as console:
        for key in ("/", "f", "i"):
            console.press(key)
            console.type("\x1b[200~paste \x9b31m \u202e \U000e0041 \x07 \x1b]52;c;QQ==\x07 end\x1b[201~")
            console.calm()
            console.check(f"pasted after {key}")
            console.press("escape", "escape", "escape", "1")
        assert console.leave() == 0


def test_clicks_on_hostile_text_run_nothing(store: Path, tmp_path: Path) -> None:
    with Console(store, tmp_path, "--mouse") as console:
        for _ in range(2):
            for y, line in enumerate(list(console.screen.display)[::2]):
                x = line.find(CANARY)
                if x >= 0:
                    console.type(f"\x1b[<0;{x + 2};{y * 2 + 1}M\x1b[<0;{x + 2};{y * 2 + 1}m")
                    console.calm()
            console.press("pagedown")
            console.check("clicked")
        assert console.leave() == 0


QUICK = ({"LANG": "C"}, {"NO_COLOR": "1"})
SLOW = ({"LANG": "en_US.ISO-8859-1"}, {"TERM": "linux"}, {"TERM": "xterm"})


@pytest.mark.parametrize(
    "env",
    [*QUICK, *(pytest.param(env, marks=pytest.mark.slow) for env in SLOW)],
    ids=lambda env: next(iter(env.values())),
)
def test_other_terminals(store: Path, tmp_path: Path, env: dict[str, str]) -> None:
    with Console(store, tmp_path, **env) as console:
        for key in ("j", "j", "pagedown", "enter", "pagedown", "escape", "?", "escape"):
            console.press(key)
        console.check(str(env))
        if "LANG" in env:
            assert bytes(console.raw).isascii()
        if "NO_COLOR" in env:
            codes = {
                code for group in re.findall(rb"\x1b\[([0-9;]*)m", console.raw) for code in group.split(b";")
            }
            assert codes <= {
                b"",
                b"0",
                b"1",
                b"2",
                b"3",
                b"4",
                b"7",
                b"9",
                b"22",
                b"23",
                b"24",
                b"27",
                b"39",
                b"49",
            }
        assert console.leave() == 0

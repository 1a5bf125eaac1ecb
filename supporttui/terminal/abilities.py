"""What the terminal can do, read from the environment, and what in the environment is dangerous.

Textual ignores terminfo and takes any TERM for a modern terminal, so the
refusals are ours.  Some variables make Textual import code, write files or
press keys; over SSH they may come from the client, so they are removed before
Textual is imported.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from supporttui.quickclass import dataclass

NO_COLOURS = 0
SIXTEEN = 16
TWO_HUNDRED_FIFTY_SIX = 256
TRUE_COLOUR = 1 << 24

_TRUE_COLOUR_TERMS = ("kitty", "alacritty", "foot", "ghostty", "wezterm", "contour")
_COLOURLESS_TERMS = ("vt52", "vt100", "vt102", "vt220", "xterm-mono", "ansi-m", "xterm-vt220")
_UNFIT_TERMS = ("", "dumb", "unknown", "emacs")
_COERCED = ("C.UTF-8", "C.utf8")

# Besides everything that starts with TEXTUAL: sizes that override the real one, a command that
# open_url would run, where screenshots go, and what changes Rich's idea of the terminal.
_HAZARDS = (
    "COLUMNS", "LINES", "BROWSER", "XDG_DOWNLOAD_DIR", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE",
    "TTY_INTERACTIVE", "UNICODE_VERSION", "JUPYTER_COLUMNS", "JUPYTER_LINES", "ROWS",
    "DATABRICKS_RUNTIME_VERSION",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the terminal can do.

    colours: how many (0, 16, 256 or 16,777,216); utf8: it reads UTF-8, else everything must be
    ASCII; glyphs: "unicode" or "ascii", what the program's own signs are made of; tmux, screen:
    sequences for the outer terminal need wrapping; titles: it takes window titles and notices instead
    of printing them; ssh: the line may be slow and may drop.
    """

    term: str
    colours: int
    utf8: bool
    glyphs: str
    tmux: bool
    screen: bool
    titles: bool
    ssh: bool


def detect(environ: Mapping[str, str] | None = None) -> Abilities:
    """The abilities by `environ` (by default this process's own). Call it before `clear_hazards()`."""
    environ, initial = (os.environ, _initial_names()) if environ is None else (environ, None)
    term = environ.get("TERM", "")
    utf8 = _reads_utf8(environ, initial)
    tmux = bool(environ.get("TMUX")) or term.startswith("tmux")
    return Abilities(
        term=term,
        colours=_colours(environ, term),
        utf8=utf8,
        glyphs="unicode" if utf8 and term != "linux" else "ascii",
        tmux=tmux,
        screen=not tmux and (bool(environ.get("STY")) or term.startswith("screen")),
        titles=term != "linux" and term not in (*_UNFIT_TERMS, *_COLOURLESS_TERMS),
        ssh=bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")),
    )


def unfit(environ: Mapping[str, str], *, stdin_is_tty: bool, stdout_is_tty: bool) -> str:
    """Why the console can't run here, as one line; "" when it can."""
    instead = "use a command such as 'supporttui list' instead"
    if not stdin_is_tty:
        return f"the console needs a terminal, and standard input isn't one; {instead}"
    if not stdout_is_tty:
        return f"the console needs a terminal, and standard output isn't one; {instead}"
    term = environ.get("TERM", "")
    if os.name == "posix" and term in _UNFIT_TERMS:
        named = f"TERM={term} can't move the cursor" if term else "TERM is not set"
        return f"the console can't run here: {named}; set TERM to what your terminal is, or {instead}"
    return ""


def clear_hazards(environ: MutableMapping[str, str]) -> tuple[str, ...]:
    """Remove from `environ` what Textual or Rich would obey; returns the names removed, sorted.

    Must run before Textual is imported: it reads most of them at import. Afterwards key presses come
    in the plain form, since after a dropped line the extended one leaves the shell unusable.
    """
    found = sorted(name for name in environ if name.startswith("TEXTUAL") or name in _HAZARDS)
    for name in found:
        del environ[name]
    environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    return tuple(found)


def _colours(environ: Mapping[str, str], term: str) -> int:
    if environ.get("NO_COLOR") or term in _UNFIT_TERMS or term in _COLOURLESS_TERMS:
        return NO_COLOURS
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return TRUE_COLOUR
    if term.endswith("-direct") or any(name in term for name in _TRUE_COLOUR_TERMS):
        return TRUE_COLOUR
    return TWO_HUNDRED_FIFTY_SIX if "256color" in term else SIXTEEN


def _reads_utf8(environ: Mapping[str, str], initial: frozenset[str] | None) -> bool:
    """By the first locale variable that is set, as the C library decides.

    In the C locale, also when the wanted one isn't installed, Python sets LC_CTYPE to C.UTF-8 in its
    own environment, which says nothing about the terminal: such a value counts only if it was there
    when the process started.
    """
    ctype = environ.get("LC_CTYPE", "")
    if ctype in _COERCED and initial is not None and "LC_CTYPE" not in initial:
        ctype = ""
    chosen = environ.get("LC_ALL") or ctype or environ.get("LANG") or ""
    return "utf8" in chosen.lower().replace("-", "")


def _initial_names() -> frozenset[str] | None:
    """Names in the environment that this process was started with; None where that can't be read."""
    try:
        block = Path("/proc/self/environ").read_bytes()
    except OSError:
        return None
    return frozenset(
        entry.partition(b"=")[0].decode("utf-8", "replace") for entry in block.split(b"\0") if entry
    )

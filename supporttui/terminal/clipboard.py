"""Text on its way to the clipboard: as a sequence for the terminal, or through the tmux that runs here.

No terminal answers whether it took a text, so nothing here claims that it was
copied.  What is longer than terminals take is cut at a line, and the text's
last line says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from . import osc
from .child import Child, environment

TMUX_SECONDS = 3.0
CUT = "\n(cut here: {shown:,} of {all:,} bytes)\n"


def capped(text: str, limit: int = osc.CLIPBOARD_LIMIT) -> tuple[str, int]:
    """What of `text` can be sent, and how many bytes in UTF-8 the whole has when it was cut (0: it was not)."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return text, 0
    room = limit - len(CUT) - 2 * len(f"{len(raw):,}")
    head = raw[:room].decode("utf-8", "ignore")
    line = head.rfind("\n")
    head = head[:line] if line > len(head) // 2 else head
    return head + CUT.format(shown=len(head.encode()), all=len(raw)), len(raw)


def sequence(text: str, *, tmux: bool = False, screen: bool = False, tmux_here: bool = False) -> str:
    """What makes the terminal take a `capped` text.

    tmux: the terminal is a tmux.  tmux_here: it runs on this machine.  One elsewhere, at the other
    end of the line, may take the plain form, the wrapped one or both, as it is set up.
    """
    if tmux and not tmux_here:
        return osc.clipboard(text, tmux=True) + osc.clipboard(text)
    return osc.clipboard(text, tmux=tmux, screen=screen)


def to_tmux(text: str, environ: Mapping[str, str]) -> str:
    """Give `text` to the tmux that runs here, which hands it to the terminal around it; blocks up to 3 s.

    Returns "" when tmux took it, else why not: an older tmux has no `load-buffer -w`.
    """
    program = shutil.which("tmux", path=environ.get("PATH"))
    if not environ.get("TMUX") or program is None:
        return "no tmux is here"
    child = Child([program, "load-buffer", "-w", "-"], environment(environ), seconds=TMUX_SECONDS)
    return child.run(text.encode("utf-8", "replace"))

"""The escape sequences that we send ourselves: title, bell, clipboard, notice.

Text from tickets may stand inside them, so each builder passes it through
`clean()` (the clipboard's is base64, which can't end a sequence) and caps it.
Inside tmux a sequence for the outer terminal is wrapped so that tmux passes it
on (its option allow-passthrough must be on for notices); inside screen it is
wrapped in pieces, because screen takes no long one.
"""

from __future__ import annotations

import base64

from supporttui.terminal.safe import clean_line, clip, to_ascii

BELL = "\a"
CLIPBOARD_LIMIT = 74_991  # bytes of text; terminals drop an OSC 52 of more than 100,000 signs
TITLE_CELLS = 120
NOTICE_CELLS = 200
SCREEN_PIECE = 250  # characters: older screens drop a longer string

_ST = "\x1b\\"


def title(text: str, *, ascii: bool = False) -> str:
    """Set the window's title; tmux understands it as the pane's title without wrapping."""
    return f"\x1b]2;{_payload(text, TITLE_CELLS, ascii)}{_ST}"


def push_title() -> str:
    """Keep the title that the terminal has now; `pop_title()` brings it back."""
    return "\x1b[22;2t"


def pop_title() -> str:
    """Bring back the title kept by `push_title()`."""
    return "\x1b[23;2t"


def clipboard(text: str, *, tmux: bool = False, screen: bool = False) -> str:
    """Put `text`, unchanged, on the terminal's clipboard (OSC 52); "" when it is too long to be taken.

    The limit is `CLIPBOARD_LIMIT` bytes in UTF-8: a half-copied text would be worse than none.
    """
    raw = text.encode("utf-8", "replace")
    if len(raw) > CLIPBOARD_LIMIT:
        return ""
    sequence = f"\x1b]52;c;{base64.b64encode(raw).decode('ascii')}{_ST}"
    return for_tmux(sequence) if tmux else for_screen(sequence) if screen else sequence


def notice(heading: str, text: str = "", *, tmux: bool = False, ascii: bool = False) -> str:
    """A desktop notice, in both forms that terminals know: OSC 9 and OSC 777.

    A terminal that knows neither ignores them; semicolons in the heading would end its field and
    become commas.
    """
    sequences = notices(heading, text, ascii=ascii)
    return "".join(for_tmux(sequence) if tmux else sequence for sequence in sequences)


def notices(heading: str, text: str = "", *, ascii: bool = False) -> tuple[str, str]:
    """The two forms of a notice, each a sequence by itself."""
    head = _payload(heading, NOTICE_CELLS, ascii).replace(";", ",")
    body = _payload(text, NOTICE_CELLS, ascii)
    line = f"{head}: {body}" if body else head
    # OSC 9 with a number and a semicolon in front is a progress bar or a command to some terminals.
    nine = f"\x1b]9;{_ST}" if not line else f"\x1b]9;{' ' if line[0].isdigit() else ''}{line}{_ST}"
    return nine, f"\x1b]777;notify;{head};{body}{_ST}"


def for_tmux(sequence: str) -> str:
    """`sequence` wrapped so that tmux hands it to the terminal around it."""
    return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}{_ST}"


def for_screen(sequence: str) -> str:
    """`sequence` wrapped in pieces that screen hands to the terminal around it.

    The end marker of ours would end screen's piece, so ours ends by a bell, which terminals take as well.
    """
    inner = sequence.replace(_ST, "\a")
    pieces = (inner[at : at + SCREEN_PIECE] for at in range(0, len(inner), SCREEN_PIECE))
    return "".join(f"\x1bP{piece}{_ST}" for piece in pieces)


def _payload(text: str, cells: int, ascii: bool) -> str:
    line = clip(clean_line(text), cells)
    return to_ascii(line) if ascii else line

"""Telling the bytes that data wrote to a terminal from those that the program wrote itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_ESCAPE = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC
    rb"|\x1b[P_X^](?:[^\x1b]|\x1b[^\\])*(?:\x1b\\)?"  # DCS, APC, SOS, PM
    rb"|\x1b\[[0-?]*[ -/]*[@-~]?"  # CSI
    rb"|\x1b[ -/]*[0-~]?"  # all others
)
_OWN_NUMBERS = rb"(?:(?:0|[1-9][0-9]*)?[;:])*(?:0|[1-9][0-9]*)?"  # we never write a leading zero
_OWN_CSI = re.compile(
    rb"\x1b\[(?:" + _OWN_NUMBERS + rb"[mHABCDJKX]"  # colours, moving and erasing
    rb"|\?(?:1|25|7|47|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    rb"|\?(?:2026|2048)\$p"
    rb"|[<>]?(?:0|[1-9][0-9]*)?u"  # kitty keys, and restoring the cursor
    rb"|2[23];[0-2]t"  # keeping and restoring the title
    rb"|[0-6] q"  # the cursor's shape
    rb")\Z"
)
_OWN_OTHERS = re.compile(rb"\x1b(?:\]22;[a-z-]*|[78=>]|\(B)(?:\x07|\x1b\\)?\Z")


def foreign_bytes(raw: bytes, allowed: Iterable[bytes | re.Pattern[bytes]] = ()) -> list[bytes]:
    """The sequences in `raw` that our own program never writes, so that data must have written them.

    Reported: every OSC but the pointer's shape, DCS, APC, PM, SOS, reports and queries (CSI n, c,
    x), resets, charsets, raw C1 characters, bidi and tag characters, and C0 controls other than
    newline, return, tab and backspace.  allowed: exact sequences, or patterns that must match one
    fully, which the test knows to be ours (our title, our clipboard write).
    """
    patterns = [re.compile(re.escape(item)) if isinstance(item, bytes) else item for item in allowed]
    foreign = [
        match[0]
        for match in _ESCAPE.finditer(raw)
        if not (_OWN_CSI.match(match[0]) or _OWN_OTHERS.match(match[0]) or _any(patterns, match[0]))
    ]
    rest = _ESCAPE.sub(b"", raw)
    foreign += [match[0] for match in re.finditer(rb"[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]", rest)]
    text = rest.decode("utf-8", "surrogateescape")
    foreign += [char.encode("utf-8", "surrogateescape") for char in _OBEYED_TEXT.findall(text)]
    if b"\a" in rest and not _any(patterns, b"\a"):
        foreign.append(b"\a")
    return foreign


_OBEYED_TEXT = re.compile(
    "[\x80-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\udc80-\udcff\U000e0000-\U000e007f]"
)


def _any(patterns: Sequence[re.Pattern[bytes]], sequence: bytes) -> bool:
    return any(pattern.fullmatch(sequence) for pattern in patterns)

"""What somebody answers to a notice: the line that acknowledges, found in a mail or any other text.

Only a line of the answer's own counts.  A notice names its token, so most answers
quote it; whoever quotes a notice to say that they are away has acknowledged nothing.
"""

from __future__ import annotations

import re

MOST = 1_000_000  # characters that are looked at
_LINE = re.compile(r"[ \t]*ack(?:nowledge)?[ \t:]+(\d{1,15}-[a-z2-7]{16})[ \t.]*", re.IGNORECASE)


def token_in(text: str) -> str:
    """The token of the first line that says `ack TOKEN`, "" for none.  Quoted lines don't count."""
    for line in text[:MOST].splitlines():
        found = _LINE.fullmatch(line)
        if found:
            return found[1].lower()
    return ""

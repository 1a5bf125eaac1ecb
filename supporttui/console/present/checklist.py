"""What the policy asks for with a report, ticked off: by sign and by word, never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping

from .setting import ASCII, Glyphs
from .spans import Line, Span, fit_line, line
from .wrap import wrap


def tick(have: bool, glyphs: Glyphs) -> str:
    """ "✓" for there, "·" for missing."""
    if glyphs is ASCII:
        return "x" if have else "."
    return "✓" if have else "·"


def checklist(
    have: Mapping[str, bool], labels: Mapping[str, str], remark: str, cells: int, glyphs: Glyphs
) -> list[Line]:
    """ "6 of 9 asked for; missing: Telephone, System"; nothing where the policy asks for nothing.

    remark: said after the count while something is missing.
    """
    if not have:
        return []
    there = sum(have.values())
    missing = [labels.get(name, name) for name, is_there in have.items() if not is_there]
    words = f"{tick(not missing, glyphs)} {there} of {len(have)} asked for"
    if missing and remark:
        words += f"; {remark}"
    words += f"; missing: {', '.join(missing)}" if missing else ", nothing is missing"
    return [fit_line(line(Span(text, "muted")), cells) for text in list(wrap(words, max(1, cells)))[:3]]

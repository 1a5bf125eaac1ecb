"""How a file is told in one line: of a journal, of a list, of what was done with it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

SHOWN_HASH = 12  # letters of a hash that tell files apart for people
WAYS = {"mail": "by mail", "web": "by the web form", "upload": "uploaded"}


def size_text(size: int) -> str:
    """A size for people: "812 B", "14.2 kB", "2.1 MB"."""
    if size < 1000:
        return f"{size} B"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"


def told(data: Mapping[str, Any]) -> str:
    """A journal's line of the kind "file" in words; the name in it is as its sender gave it."""
    name, size = str(data.get("name") or "unnamed"), data.get("size")
    what = f"{name} ({size_text(size if isinstance(size, int) else 0)}"
    if data.get("removed"):
        return f"took the file {what}) away"
    if data.get("moved"):
        return f"moved the file {what}) to ticket {data['moved']}"
    place = f" to {data['place']}" if data.get("place") else ""
    way = f", {WAYS[str(data['source'])]}{place}" if data.get("source") in WAYS else ""
    came = f", from ticket {data['from']}" if data.get("from") else ""
    return f"attached {what}{way}{came}, SHA-256 {str(data.get('hash') or '')[:SHOWN_HASH]}…)"

"""A few lines at the top of whatever screen is shown, which take no key and cover nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from supporttui.console.present.spans import Line

from .bar import Bar


class GuideBox(Bar):
    """One of these is on every screen while somebody guides; all draw the same lines."""

    DEFAULT_CSS = "GuideBox { dock: top; width: 100%; height: 4; }"

    def __init__(self, draw: Callable[[int], Sequence[Line]], height: int) -> None:
        super().__init__(draw)
        self.styles.height = height

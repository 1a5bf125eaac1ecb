"""A screen that is not styled anew each time it comes to the front.

Textual works out every style of a screen whenever it is shown again, since
the theme may be another one.  Here the theme and the ink say whether it is:
if not, a dialog opens and closes without that work.
"""

from __future__ import annotations

from typing import Any

from textual import events
from textual.screen import Screen


class Steady(Screen[Any]):
    """Mix in before `Screen`."""

    _dress: tuple[str, int] | None = None

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Textual calls this before its own handler of the same name."""
        dress = (self.app.theme, id(getattr(self.app, "ink", None)))
        if self._dress in (None, dress):  # None: it was styled when it was made, just now
            event.refresh_styles = False
        self._dress = dress

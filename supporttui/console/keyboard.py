"""How the console reads its terminal: any bytes, and pasted text never as keys.

Textual decodes its input strictly, so that one byte of another encoding ends
the program, and looks for escape sequences within a paste, so that what
follows an unknown one acts as keys.  `KeyStream` goes before Textual's
parser; pasted text goes around it.  Only the loop of the input thread is
replaced; it is internal API of Textual, and a test pins it for the version
in use.
"""

from __future__ import annotations

import os
import selectors
import time

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from supporttui.terminal.keystream import KeyStream, Part, Pasted

READ_SIZE = 4096  # bytes, as Textual
TICK = 0.1  # seconds; after these the parser takes a lone ESC for the key


class Keyboard(LinuxDriver):
    """Textual's driver of a terminal with an input thread that no bytes can end or deceive."""

    def start_application_mode(self) -> None:
        """Take the terminal, or take it again after an editor or a stop."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if (alarm := getattr(self._app, "alarm", None)) is not None:
            alarm.returns()

    def stop_application_mode(self) -> None:
        """Give the terminal back, its title too, whatever ended the console or took its place."""
        if (alarm := getattr(self._app, "alarm", None)) is not None:
            alarm.leaves()
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read and hand on what comes until the driver stops listening."""
        parser, stream = XTermParser(self._debug), KeyStream()
        last = time.monotonic()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            stopping = False
            while not stopping:
                stopping = self.exit_event.is_set()  # what was sent before is still read, once
                came = selector.select(TICK)
                data = os.read(self.fileno, READ_SIZE) if came else b""
                if data:
                    last = time.monotonic()
                elif came:  # the end of the input, which is readable for ever
                    self.exit_event.wait(TICK)
                self._hand_on(stream.feed(data) if data else stream.quiet(time.monotonic() - last), parser)
                for event in parser.tick():
                    self.process_message(event)

    def _hand_on(self, parts: list[Part], parser: XTermParser) -> None:
        for part in parts:
            if isinstance(part, Pasted):
                self.process_message(events.Paste(part.text))
                continue
            for event in parser.feed(part.text):
                # The parser gets the markers of a paste with nothing between them.
                if not part.muted and not isinstance(event, events.Paste):
                    self.process_message(event)

"""How the console reads its terminal: any bytes, and pasted text never as keys.

Textual decodes its input strictly, so that one byte of another encoding ends
the program, and looks for escape sequences within a paste, so that what
follows an unknown one acts as keys.  `KeyStream` goes before Textual's
parser; pasted text goes around it.  Only the loop of the input thread is
replaced; it is internal API of Textual, and a test pins it for the version
in use.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from supporttui.terminal.keystream import KeyStream, Part, Pasted

READ_SIZE = 4096  # bytes, as Textual
TICK = 0.1  # seconds; after these the parser takes a lone ESC for the key


class Keyboard(LinuxDriver):
    """Textual's driver of a terminal with an input thread that no bytes can end or deceive."""

    away = False  # the terminal is another program's
    lends = False  # it is about to be: what is typed from now on is for that program

    def write(self, data: str) -> None:
        """Nothing, while another program has the terminal; but the bell rings there too."""
        if not self.away:
            super().write(data)
        elif data == "\a" and self._file is not None:
            with contextlib.suppress(OSError):
                os.write(self._file.fileno(), b"\a")

    def flush(self) -> None:
        if not self.away:
            super().flush()

    def suspend_application_mode(self) -> None:
        """Give the terminal to another program, with all that was typed and not read yet."""
        self.lends = True
        try:
            super().suspend_application_mode()
        finally:
            self.lends, self.away = False, True

    def resume_application_mode(self) -> None:
        self.away = False
        super().resume_application_mode()

    def disable_input(self) -> None:
        """As Textual's; but what is typed ahead of another program is not thrown away."""
        if not self.lends:
            super().disable_input()
        elif not self.exit_event.is_set():
            signal.signal(signal.SIGWINCH, signal.SIG_DFL)
            self._disable_mouse_support()
            self.exit_event.set()
            if self._key_thread is not None:
                self._key_thread.join()
            self.exit_event.clear()

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
                if stopping and self.lends:
                    break
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
        link = getattr(self._app, "link", None)
        if parts and link is not None:
            link.stand_aside()  # here already: the event loop may be behind the search
        for part in parts:
            if isinstance(part, Pasted):
                self.process_message(events.Paste(part.text))
                continue
            for event in parser.feed(part.text):
                # The parser gets the markers of a paste with nothing between them.
                if not part.muted and not isinstance(event, events.Paste):
                    self.process_message(event)

"""An editor that a test can talk to: it says what terminal it got, reads one line, appends it to the file.

    python -m tests.wire.an_editor [how] FILE

how: "plain"; "save" writes what it has to the file before it reads; "rescue" writes FILE.save when
it is hung up; "interrupt" ends well at Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
from pathlib import Path


def rescue(file: Path) -> None:
    """What editors do when their terminal goes: keep the text beside the file."""
    file.with_name(file.name + ".save").write_text("rescued\n")
    os._exit(1)


def main() -> int:
    how, file = sys.argv[1], Path(sys.argv[2])
    text = file.read_text()
    (Path(os.environ["HOME"]) / "editor.pid").write_text(f"{os.getpid()} {file}")
    if how == "save":
        file.write_text(text + "saved so far\n")
    if how == "rescue":
        signal.signal(signal.SIGHUP, lambda *_: rescue(file))
    flags = termios.tcgetattr(0)[3]
    cooked = bool(flags & termios.ICANON and flags & termios.ECHO and flags & termios.ISIG)
    print(f"EDITOR cooked={cooked} size={os.get_terminal_size().columns} >", end="", flush=True)
    try:
        line = input()
    except KeyboardInterrupt:
        file.write_text(text + "interrupted\n")
        return 0
    except (EOFError, OSError):
        if how == "rescue":
            rescue(file)
        return 1
    file.write_text(f"{text}{line} at {os.get_terminal_size().columns}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""From an argument vector to an exit code.

Invariant: whatever happens, standard error gets at most one line that begins
with "supporttui:" for an error, and the exit code says its kind.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from supporttui.errors import StoreBusy, StoreError, SupportError, UsageError

from .registry import (
    COMMANDS,
    CONSOLE_OPTIONS,
    EXIT_CODES,
    GLOBAL_OPTIONS,
    Command,
    console_option,
    find,
    global_option,
)

if TYPE_CHECKING:
    from .parser import Verb
    from .session import World

INTERRUPTED = 130
READER_GONE = 141
FAULT = 70


def run(argv: Sequence[str], world: World | None = None) -> int:
    """Run one command line; never raises but for SystemExit-free faults under SUPPORTTUI_DEBUG."""
    if world is None:
        from .session import World

        world = World.of_process()
        _tolerant(world)
    code = _run(argv, world)
    return StoreBusy.exit_code if code and takes_mail(argv) else code


def _run(argv: Sequence[str], world: World) -> int:
    try:
        code = _dispatch(list(argv), world)
        world.stdout.flush()
        return code
    except SupportError as error:
        return _fail(world, str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail(world, "interrupted", INTERRUPTED)
    except BrokenPipeError:
        mute(world)
        return READER_GONE
    except OSError as error:
        mute(world)
        where = f"{error.filename}: " if error.filename else ""
        return _fail(world, f"{where}{error.strerror or error}", StoreError.exit_code)
    except Exception as error:
        if world.environ.get("SUPPORTTUI_DEBUG") and not takes_mail(argv):
            raise
        line = f"a fault in supporttui: {type(error).__name__}: {error} (SUPPORTTUI_DEBUG=1 shows where)"
        return _fail(world, line, FAULT)


def takes_mail(argv: Sequence[str]) -> bool:
    """Whether this is the gateway: whatever goes wrong there, a mail server is to try again and never to give back."""
    command = next((at for at, word in enumerate(argv) if find(word)), len(argv))
    return list(argv[command : command + 1]) == ["intake"] and "mail" in argv[command:]


def _tolerant(world: World) -> None:
    """A stream that can't show a character shows a mark instead of failing."""
    for stream in (world.stdout, world.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _fail(world: World, line: str, code: int) -> int:
    from supporttui.terminal.safe import clean_line

    with suppress(OSError, ValueError):
        world.stdout.flush()
    with suppress(OSError, ValueError):
        world.stderr.write(f"supporttui: {clean_line(line, ascii=_is_ascii(world))}\n")
        world.stderr.flush()
    return code


def _is_ascii(world: World) -> bool:
    return not (getattr(world.stderr, "encoding", None) or "utf-8").lower().startswith("utf")


def mute(world: World) -> None:
    """Point standard output at nothing, so that the interpreter's last flush can't fail."""
    with suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, world.stdout.fileno())
        os.close(nothing)


def _dispatch(argv: list[str], world: World) -> int:
    flags, rest = leading_options(argv)
    if flags.pop("version", False):
        from supporttui import __version__

        world.stdout.write(f"supporttui {__version__}\n")
        return 0
    if flags.pop("help", False) or rest[:1] == ["help"]:
        return _help(rest[1:] if rest[:1] == ["help"] else rest, world)
    if not rest:
        from .console import open_console

        return open_console(world, flags)
    command = find(rest[0])
    if command is None:
        raise _unknown(rest[0])
    return _run_command(command, rest[1:], flags, world)


def _run_command(command: Command, words: list[str], flags: dict[str, Any], world: World) -> int:
    from supporttui import config

    from .parser import build, global_flags
    from .session import Session

    command, verb, words = part_of(command, words)
    for option in CONSOLE_OPTIONS:
        if option.setting in flags:
            raise UsageError(f"{option.flag} opens the console; it can't be used with {command.name}")
    parser = build(command, verb)
    options = words[: words.index("--")] if "--" in words else words
    if "--help" in options or "-h" in options:
        world.stdout.write(parser.format_help())
        return 0
    args = parser.parse(words, query=verb.query)
    session = Session(world, config.load(world.environ, {**flags, **global_flags(args)}), args)
    try:
        code = verb.run(session) or 0
        session.say_what_was_made()
        return code
    finally:
        session.close()


def verb_of(command: Command) -> Verb:
    """The command's definition, from the one module that has it."""
    verbs: dict[str, Verb] = import_module(f"supporttui.cli.{command.family}").COMMANDS
    return verbs[command.name]


def part_of(command: Command, words: list[str]) -> tuple[Command, Verb, list[str]]:
    """The command that the words are for, a family's verb if it has some, with the words that are left."""
    verb = verb_of(command)
    if verb.parts is None or words[:1] in (["--help"], ["-h"]):
        return command, verb, words
    parts = verb.parts()
    at = _verb_place(words)
    name = words[at] if at is not None else "list"
    if name not in parts:
        from supporttui.config import nearest

        from .parser import text

        if at is None:
            raise UsageError(f"what should {command.name} do? {', '.join(parts)}")
        hint = nearest(name, parts) or f"; it may be {', '.join(parts)}"
        raise UsageError(f"{command.name} does not know {text(name)!r}{hint}")
    rest = words if at is None else [*words[:at], *words[at + 1 :]]
    return command._replace(name=f"{command.name} {name}"), parts[name], rest


def _verb_place(words: Sequence[str]) -> int | None:
    """Where a family's verb stands: first, or behind options that every verb takes; None when there is none."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        flag, equals, _value = words[at].partition("=")
        option = global_option(flag)
        if option is None and flag not in ("--json", "--tsv"):
            return None
        at += 2 if option is not None and option.value and not equals else 1
    return at if at < len(words) else None


def _unknown(word: str) -> UsageError:
    from supporttui.config import nearest

    from .parser import text

    hint = nearest(word, [command.name for command in COMMANDS]) or "; supporttui --help lists them"
    return UsageError(f"unknown command {text(word)!r}{hint}")


SWITCHES = {
    "--version": "version",
    "-V": "version",
    "--help": "help",
    "-h": "help",
    "--demo": "demo",
    "--wall": "wall",
}
SWITCHES = {"--version": "version", "-V": "version", "--help": "help", "-h": "help"}


def leading_options(argv: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """The options before the command's name, by setting, and the words from the command on."""
    flags: dict[str, Any] = {}
    words = list(argv)
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        if word == "--":
            break
        flag, has_value, value = word.partition("=")
        if flag in SWITCHES and not has_value:
            flags[SWITCHES[flag]] = True
            continue
        name, takes_value = _leading(flag)
        if takes_value and not has_value:
            if not words:
                raise UsageError(f"{flag}: a value is missing")
            value = words.pop(0)
        elif has_value and not takes_value:
            raise UsageError(f"{flag} takes no value")
        flags[name] = value if takes_value else True
    return flags, words


def _leading(flag: str) -> tuple[str, bool]:
    """The setting that a leading option sets and whether it takes a value."""
    option = console_option(flag) or global_option(flag)
    if option is None:
        from supporttui.config import nearest_option

        hint = nearest_option(
            flag, [*SWITCHES, *(known.flag for known in (*CONSOLE_OPTIONS, *GLOBAL_OPTIONS))]
        )
        raise UsageError(f"unknown option {flag!r}{hint or '; supporttui --help lists them'}")
    return option.setting, bool(option.value)


def _help(words: list[str], world: World) -> int:
    if not words:
        world.stdout.write(help_text())
        return 0
    command = find(words[0])
    if command is None:
        raise _unknown(words[0])
    from .parser import build

    command, verb, _rest = part_of(command, words[1:] or ["--help"])
    world.stdout.write(build(command, verb).format_help())
    return 0


def help_text() -> str:
    """The page of `supporttui --help`: commands, global options, exit codes."""
    lines = [
        "usage: supporttui [options] [command] …",
        "",
        "A support desk in the terminal.  Without a command it opens the console.",
    ]
    for group in dict.fromkeys(command.group for command in COMMANDS):
        lines += ["", f"{group}:"]
        lines += [f"  {command.name:<13}{command.summary}" for command in COMMANDS if command.group == group]
    lines += ["", "Options, before or after the command:"]
    lines += [f"  {option.flag + ' ' + option.value:<19}{option.summary}" for option in GLOBAL_OPTIONS]
    lines += [
        "",
        "Options without a command:",
        *(f"  {option.flag + ' ' + option.value:<19}{option.summary}" for option in CONSOLE_OPTIONS),
        "  --version, -V      print the version",
        "  --help, -h         print this page; after a command, that command's page",
        "",
        "Exit codes:",
        *(f"  {code:>3}  {meaning}" for code, meaning in EXIT_CODES),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))

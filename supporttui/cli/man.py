"""`man`: the manual page, made from the same tables as --help, docs/cli.md and the keys page.

    supporttui man > supporttui.1        then: man -l supporttui.1

Text is escaped on its way in, so that no word of a summary can be a request
to the formatter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from supporttui.terminal.safe import to_ascii

from .parser import GLOBAL_PREFIX, Parser, Verb
from .registry import COMMANDS as REGISTRY
from .registry import CONSOLE_OPTIONS, EXIT_CODES, GLOBAL_OPTIONS, Command

if TYPE_CHECKING:
    import argparse

    from .session import Session

FILES = (
    ("config.toml", "settings: theme, zone, alarm, own commands"),
    ("keys.toml", "keys of one's own; supporttui keys --check reads it"),
    ("commands.toml", "commands of one's own, for ! in the console"),
    ("views.toml", "views of one's own; supporttui views check reads it"),
    ("templates/*", "canned replies; supporttui templates --check reads them"),
    ("roster.toml", "who is on call; supporttui oncall shows it"),
    ("channels.toml", "how notices are sent; supporttui watch reads it"),
    ("themes/*.toml", "themes of one's own"),
)
EXAMPLES = (
    ("supporttui --demo", "look around on a temporary desk"),
    ("supporttui tour", "learn the console in eleven steps"),
    ('supporttui report "HyperIP tunnel drops" --severity 2 --customer "Acme Corp"', "report a problem"),
    ("supporttui list sev:1,2 owner:none", "what is severe and nobody's"),
    ('supporttui ack 1042 --until "in 45m"', "promise the next update"),
)


def _configure(parser: Parser) -> None:
    """No arguments of its own."""


def _run(session: Session) -> None:
    session.world.stdout.write(page())


def page() -> str:
    """The page in roff with the man macros."""
    from supporttui import __date__, __version__

    parts = [
        f'.TH SUPPORTTUI 1 "{__date__}" "supporttui {roff(__version__)}" "User Commands"',
        ".SH NAME",
        r"supporttui \- a support desk in the terminal",
        *_synopsis(),
        *_description(),
        *_commands(),
        *_options(),
        *_keys(),
        *_settings(),
        *_files(),
        *_exit_status(),
        *_examples(),
    ]
    return "\n".join(parts) + "\n"


def roff(words: str) -> str:
    """Text as roff takes it: ASCII, nothing in it is a request, and a hyphen can be copied as one."""
    out = (
        to_ascii(words.replace("…", "..."))
        .replace("\\", r"\e")
        .replace("-", r"\-")
        .replace("'", r"\(aq")
        .replace("`", r"\(ga")
    )
    out = out.replace("^", r"\(ha").replace("~", r"\(ti").replace('"', r"\(dq")
    return rf"\&{out}" if out.startswith(".") else out


def _entry(term: str, words: str) -> list[str]:
    return [".TP", term, roff(words)]


def _bold(words: str) -> str:
    return rf"\fB{roff(words)}\fR"


def _option_term(flag: str, value: str) -> str:
    return _bold(flag) + (rf" \fI{roff(value)}\fR" if value else "")


def _synopsis() -> list[str]:
    return [
        ".SH SYNOPSIS",
        rf"{_bold('supporttui')} [\fIoptions\fR]",
        ".br",
        rf"{_bold('supporttui')} \fIcommand\fR [\fIarguments\fR] [\fIoptions\fR]",
    ]


def _description() -> list[str]:
    words = (
        "Without a command it opens the console: the queue of a support desk, the ticket under the cursor and the "
        "escalation timers, driven by the keyboard. Every ticket has a ladder of escalations that counts from the "
        "initial report; what is due fires once, however many consoles look on.",
        "Everything that the console does can be done by a command as well. Results go to standard output, errors and "
        "hints to standard error, each as one line.",
    )
    return [".SH DESCRIPTION", roff(words[0]), ".PP", roff(words[1])]


def _commands() -> list[str]:
    lines = [".SH COMMANDS"]
    for group in dict.fromkeys(command.group for command in REGISTRY):
        lines.append(f".SS {roff(group)}")
        for command in REGISTRY:
            if command.group == group:
                lines += _command(command)
    return lines


def _command(command: Command) -> list[str]:
    from .entry import verb_of
    from .parser import build

    parser = build(command, verb_of(command))
    usage = (parser.usage or "").removeprefix("supporttui ").removesuffix(" [options]")
    lines = _entry(_bold(usage), f"{command.summary[0].upper()}{command.summary[1:]}.")
    own = [_flags(action) for action in parser._actions if _is_own_option(action)]
    return [*lines, ".br", f"Options: {', '.join(own)}."] if own else lines


def _is_own_option(action: argparse.Action) -> bool:
    common = {"help", "form", "seen"}
    return (
        bool(action.option_strings)
        and not action.dest.startswith(GLOBAL_PREFIX)
        and action.dest not in common
    )


def _flags(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else str(action.metavar or action.dest)
    return _option_term(action.option_strings[-1], value)


def _options() -> list[str]:
    lines = [".SH OPTIONS", ".SS Of every command, before or after its name"]
    for option in GLOBAL_OPTIONS:
        lines += _entry(_option_term(option.flag, option.value), f"{option.summary}.")
    lines += _entry(_bold("--json"), "print JSON, where a command prints.")
    lines += _entry(_bold("--tsv"), "print tab-separated values.")
    lines += _entry(_option_term("--if-version", "N"), "refuse when the ticket changed since version N.")
    lines += _entry(_bold("--help"), "print a page of help.")
    lines.append(".SS Without a command")
    for option in CONSOLE_OPTIONS:
        lines += _entry(_option_term(option.flag, option.value), f"{option.summary}.")
    return [*lines, *_entry(_bold("--version"), "print the version.")]


def _keys() -> list[str]:
    from supporttui.verbs.keymap import key_name
    from supporttui.verbs.registry import groups

    lines = [
        ".SH KEYS",
        "The default keys; keys.toml changes them, and a verb without a key is run by its name after a colon.",
    ]
    for heading, verbs in groups().items():
        lines.append(f".SS {roff(heading)}")
        for verb in verbs:
            keys = ", ".join(_bold(key_name(key, ascii=True)) for key in verb.keys) or _bold(f":{verb.id}")
            lines += _entry(keys, f"{verb.help}.")
    return lines


def _settings() -> list[str]:
    from supporttui.config import SETTINGS

    lines = [
        ".SH ENVIRONMENT",
        roff(
            "A variable outranks the settings file, and the command line outranks both; 'supporttui info' prints each value with its origin."
        ),
    ]
    for setting in SETTINGS:
        lines += _entry(_bold(setting.variable), f"{setting.help}.")
    lines += _entry(_bold("SUPPORTTUI_CONFIG"), "the settings file to use.")
    return [*lines, *_entry(_bold("NO_COLOR"), "no colours, when it is set.")]


def _files() -> list[str]:
    lines = [
        ".SH FILES",
        roff("In the folder for settings of the platform; 'supporttui info' names it, and the store."),
    ]
    for name, words in FILES:
        lines += _entry(_bold(name), f"{words}.")
    return lines


def _exit_status() -> list[str]:
    return [".SH EXIT STATUS", *_each((str(code), f"{meaning}.") for code, meaning in EXIT_CODES)]


def _examples() -> list[str]:
    return [".SH EXAMPLES", *_each((command, f"{words}.") for command, words in EXAMPLES)]


def _each(entries: Iterable[tuple[str, str]]) -> list[str]:
    return [line for term, words in entries for line in _entry(_bold(term), words)]


COMMANDS = {"man": Verb(_configure, _run, prints=False)}

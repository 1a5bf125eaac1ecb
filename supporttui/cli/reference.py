"""docs/cli.md, made from the registry and the parsers: `python -m supporttui.cli.reference > docs/cli.md`.

A test compares the file with what this module makes, so that it can't go stale.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from supporttui.config import SETTINGS

from .entry import verb_of
from .parser import GLOBAL_PREFIX, build, is_shown
from .registry import COMMANDS, CONSOLE_OPTIONS, EXIT_CODES, GLOBAL_OPTIONS, Command

if TYPE_CHECKING:
    import argparse

    from .parser import Verb

INTRODUCTION = """\
# The command line

Made by `python -m supporttui.cli.reference`; change the commands, not this file.

`supporttui` alone opens the console.  `supporttui COMMAND --help` prints a command's page.
Results go to standard output, errors and hints to standard error, each as one line.
At a terminal text is cut to its width; elsewhere nothing is cut.
No byte of a ticket that a terminal would obey is ever printed, redirected or not.
`--json` shapes are described in [json.md](json.md); `--tsv` has a heading line, and writes a tab, line break or backslash inside a field as `\\t`, `\\n` and `\\\\`.

A query is what the console's `f` takes: `sev:1,2 owner:@me due:<30m -tag:spam`.
Quote a value with blanks twice, once for the shell: `'customer:"Acme Corp"'`.
A time is `2026-12-24 16:00`, `2026-12-24T22:00Z`, `16:00`, `tomorrow 9:00`, `mon 9:00` or `in 2h`.
"""


def text() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for group in dict.fromkeys(command.group for command in COMMANDS):
        parts.append(f"## {group}\n")
        parts += [_command(command) for command in COMMANDS if command.group == group]
    parts += [_everywhere(), _settings(), _exit_codes()]
    return "\n".join(parts)


def _command(command: Command) -> str:
    verb = verb_of(command)
    parser = build(command, verb)
    parts = [build(command._replace(name=f"{command.name} {name}"), part) for name, part in _parts(verb)]
    usage = [one.usage or "" for one in parts or [parser]]
    lines = [f"### {command.name}\n", f"{parser.description}\n", "```", *usage, "```\n"]
    rows = list(
        dict.fromkeys(_row(action) for one in parts or [parser] for action in one._actions if _is_own(action))
    )
    if rows:
        lines += ["| argument | meaning |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _parts(verb: Verb) -> list[tuple[str, Verb]]:
    """The verbs of a family."""
    return list(verb.parts().items()) if verb.parts else []


def _is_own(action: argparse.Action) -> bool:
    return not action.dest.startswith(GLOBAL_PREFIX) and action.dest != "help" and is_shown(action)


def _row(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest)
    if action.option_strings:
        name = ", ".join(action.option_strings) + (f" {name}" if action.nargs != 0 else "")
    return f"| `{_cell(name)}` | {_cell(action.help or '')} |"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def _everywhere() -> str:
    rows = [
        f"| `{_cell(f'{option.flag} {option.value}'.strip())}` | {_cell(option.summary)} |"
        for option in GLOBAL_OPTIONS
    ]
    rows += [
        *(
            f"| `{_cell(f'{option.flag} {option.value}'.strip())}` | {_cell(option.summary)} |"
            for option in CONSOLE_OPTIONS
        ),
        "| `--version`, `-V` | print the version |",
        "| `--help`, `-h` | print help |",
    ]
    head = "## Options of every command\n\nThey may stand before or after the command; those from `--demo` on stand without one.\n\n| option | meaning |\n|---|---|\n"
    return head + "\n".join(rows) + "\n"


def _settings() -> str:
    rows = [
        f"| `{one.name}` | `{one.variable}` | `{_default(one.default)}` | {_cell(one.help)} |"
        for one in SETTINGS
    ]
    return (
        "## Settings\n\n"
        "Defaults, then `config.toml` in the platform's settings folder (or the file that `SUPPORTTUI_CONFIG` names), then\n"
        "the environment, then the command line; a later one outranks an earlier one.  `restricted`, once switched on,\n"
        "stays on.  `supporttui info` prints each value with its origin.\n\n"
        "| setting | variable | default | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def _default(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return '""' if value == "" else str(value)


def _exit_codes() -> str:
    rows = [f"| {code} | {meaning} |" for code, meaning in EXIT_CODES]
    return "## Exit codes\n\nAs in sysexits.h.\n\n| code | meaning |\n|---|---|\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())

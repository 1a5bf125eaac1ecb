"""`completions`: what a shell needs to complete our command lines, made from the registry.

The scripts carry the words themselves, so that pressing Tab starts no Python.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .parser import Parser, Verb
from .registry import COMMANDS as REGISTRY
from .registry import CONSOLE_OPTIONS, GLOBAL_OPTIONS

if TYPE_CHECKING:
    import argparse

    from .session import Session

SHELLS = ("bash", "zsh", "fish")
# Options whose value is a file, by name; everything else takes what the option's choices say.
FILES = frozenset({
    "--output", "-o", "--mapping", "--rejects", "--store", "--policy", "--import-calendar", "--expect",
})  # fmt: skip
FILE_COMMANDS = frozenset({"import", "backup", "policy", "customer", "product", "licence", "contract"})


class Option(NamedTuple):
    """One option of a command: its spellings, help, whether it takes a value, and which."""

    flags: tuple[str, ...]
    help: str
    takes_value: bool
    choices: tuple[str, ...]


class Words(NamedTuple):
    """What may follow one command."""

    name: str
    summary: str
    options: tuple[Option, ...]
    words: tuple[str, ...]


def _configure(parser: Parser) -> None:
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")


def _run(session: Session) -> None:
    script = {"bash": bash, "zsh": zsh, "fish": fish}[session.args.shell](gather())
    session.world.stdout.write(script)


def gather() -> tuple[Words, ...]:
    """The words of every command, read from its parser."""
    from .entry import verb_of
    from .parser import build, is_shown

    found = []
    for command in REGISTRY:
        verb = verb_of(command)
        parser = build(command, verb)
        parsers = [parser, *(build(command, part) for part in (verb.parts() if verb.parts else {}).values())]
        every = [
            _option(action)
            for one in parsers
            for action in one._actions
            if action.option_strings and is_shown(action)
        ]
        options = tuple({option.flags: option for option in every}.values())
        words = [
            choice
            for action in parser._actions
            if not action.option_strings
            for choice in action.choices or ()
        ]
        found.append(Words(command.name, command.summary, options, (*words, *_query_words(parser))))
    return tuple(found)


def _option(action: argparse.Action) -> Option:
    known = global_values().get(action.option_strings[-1], ()) if action.nargs != 0 else ()
    choices = tuple(str(choice) for choice in action.choices or getattr(action, "words", ()) or known)
    return Option(tuple(action.option_strings), action.help or "", action.nargs != 0, choices)


def _query_words(parser: Parser) -> tuple[str, ...]:
    """Field names and flags, for the commands whose words are a query."""
    if not any(action.dest == "query" for action in parser._actions):
        return ()
    from supporttui.desk.query.words import FIELDS, FLAGS

    return (*(f"{field.name}:" for field in FIELDS), *FLAGS)


def _global_flags() -> list[str]:
    return [*(option.flag for option in (*GLOBAL_OPTIONS, *CONSOLE_OPTIONS)), "--version", "--help"]


def _valued() -> list[str]:
    """The options before a command's name that take a value."""
    return [option.flag for option in (*GLOBAL_OPTIONS, *CONSOLE_OPTIONS) if option.value]


@cache
def global_values() -> dict[str, tuple[str, ...]]:
    """What an option that every command takes may be, where that is a short list."""
    from pathlib import Path

    from supporttui.policy.loading import PRESETS

    from .scenario import names

    here = Path(__file__).resolve()
    folders = (here.parents[1] / "themes", here.parents[2] / "themes")  # installed, or in a clone
    themes = sorted(file.stem for folder in folders for file in folder.glob("*.toml"))
    return {
        "--theme": tuple(dict.fromkeys(themes)),
        "--policy": PRESETS,
        "--zone": ("local", "vendor", "UTC"),
        "--scenario": names(),
    }


def _flags(words: Words) -> list[str]:
    return [flag for option in words.options for flag in option.flags]


# -- bash ---------------------------------------------------------------------------------------------

BASH = """\
# bash completion of supporttui; put it where bash-completion looks, or source it
_supporttui() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}"
    local command="" word skip=""
    COMPREPLY=()
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        if [[ -n $skip ]]; then skip=""; continue; fi
        case "$word" in
            {valued}) skip=1 ;;
            -*) ;;
            *) command="$word"; break ;;
        esac
    done
    if [[ -z $command ]]; then
        case "$previous" in
{globals}
        esac
        COMPREPLY=($(compgen -W "{commands}" -- "$current"))
        return
    fi
    case "$command $previous" in
{choices}
    esac
    case "$command" in
{cases}
    esac
}}
complete -o default -F _supporttui supporttui
"""


def bash(commands: tuple[Words, ...]) -> str:
    """The script for bash."""
    files = "|".join(f'*" {flag}"' for flag in sorted(FILES))
    cases, choices = [], [f'        {files}) COMPREPLY=($(compgen -f -- "$current")); return ;;']
    for words in commands:
        every = " ".join((*words.words, *_flags(words)))
        filed = ' $(compgen -f -- "$current")' if words.name in FILE_COMMANDS else ""
        cases.append(f'        {words.name}) COMPREPLY=($(compgen -W "{every}" -- "$current"){filed}) ;;')
        for option in words.options:
            if option.choices:
                keys = "|".join(f'"{words.name} {flag}"' for flag in option.flags)
                values = " ".join(option.choices)
                choices.append(
                    f'        {keys}) COMPREPLY=($(compgen -W "{values}" -- "$current")); return ;;'
                )
    commands_and_flags = " ".join([*(words.name for words in commands), *_global_flags()])
    return BASH.format(
        valued="|".join(_valued()),
        globals="\n".join(_bash_values()),
        commands=commands_and_flags,
        choices="\n".join(choices),
        cases="\n".join(cases),
    )


def _bash_values() -> list[str]:
    """The cases of a value before a command's name."""
    lines = ['            --store) COMPREPLY=($(compgen -f -- "$current")); return ;;']
    for flag, values in global_values().items():
        files = ' $(compgen -f -- "$current")' if flag in FILES else ""
        words = " ".join(values)
        lines.append(
            f'            {flag}) COMPREPLY=($(compgen -W "{words}" -- "$current"){files}); return ;;'
        )
    return lines


# -- zsh ----------------------------------------------------------------------------------------------

ZSH = """\
#compdef supporttui
# zsh completion of supporttui; put it as _supporttui into a folder of $fpath
_supporttui() {{
    local command="" word skip=""
    for word in "${{(@)words[2,CURRENT-1]}}"; do
        if [[ -n $skip ]]; then skip=""; continue; fi
        case "$word" in
            {valued}) skip=1 ;;
            -*) ;;
            *) command="$word"; break ;;
        esac
    done
    if [[ -z $command ]]; then
        case "$words[CURRENT-1]" in
{globals}
        esac
        local -a commands=(
{commands}
        )
        _describe command commands
        compadd -- {flags}
        return
    fi
    case "$words[CURRENT-1]" in
        {files}) _files; return ;;
    esac
    case "$command $words[CURRENT-1]" in
{choices}
    esac
    case "$command" in
{cases}
    esac
}}
if [[ $funcstack[1] == _supporttui ]]; then
    _supporttui "$@"
else
    compdef _supporttui supporttui
fi
"""


def zsh(commands: tuple[Words, ...]) -> str:
    """The script for zsh."""
    cases, choices = [], []
    for words in commands:
        filed = "; _files" if words.name in FILE_COMMANDS else ""
        own = f"compadd -S '' -- {_quoted(words.words)}; " if words.words else ""
        cases.append(f"        {words.name}) {own}compadd -- {_quoted(_flags(words))}{filed} ;;")
        for option in words.options:
            if option.choices:
                keys = "|".join(f"'{words.name} {flag}'" for flag in option.flags)
                choices.append(f"        {keys}) compadd -- {_quoted(option.choices)}; return ;;")
    return ZSH.format(
        valued="|".join(_valued()),
        globals="\n".join(_zsh_values()),
        commands="\n".join(f"            {_quote(words.name + ':' + words.summary)}" for words in commands),
        flags=_quoted(_global_flags()),
        files="|".join(sorted(FILES)),
        choices="\n".join(choices) or "        '') ;;",
        cases="\n".join(cases),
    )


def _zsh_values() -> list[str]:
    """The cases of a value before a command's name."""
    lines = ["            --store) _files; return ;;"]
    for flag, values in global_values().items():
        files = "; _files" if flag in FILES else ""
        lines.append(f"            {flag}) compadd -- {_quoted(values)}{files}; return ;;")
    return lines


def _quote(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def _quoted(words: list[str] | tuple[str, ...]) -> str:
    return " ".join(map(_quote, words))


# -- fish ---------------------------------------------------------------------------------------------


def fish(commands: tuple[Words, ...]) -> str:
    """The script for fish."""
    names = " ".join(words.name for words in commands)
    lines = [
        "# fish completion of supporttui; put it as supporttui.fish into ~/.config/fish/completions",
        "complete -c supporttui -f",
    ]
    for words in commands:
        lines.append(
            f"complete -c supporttui -n 'not __fish_seen_subcommand_from {names}'"
            f" -a {words.name} -d {_fish(words.summary)}"
        )
    values = global_values()
    for option in (*GLOBAL_OPTIONS, *CONSOLE_OPTIONS):
        value = " -r" if option.value else ""
        value += f" -a {_fish(' '.join(values[option.flag]))}" if option.flag in values else ""
        value += " -F" if option.flag in FILES else ""
        lines.append(f"complete -c supporttui -l {option.flag[2:]}{value} -d {_fish(option.summary)}")
    for words in commands:
        lines += _fish_lines(words)
    return "\n".join(lines) + "\n"


def _fish_lines(words: Words) -> list[str]:
    when = f"complete -c supporttui -n '__fish_seen_subcommand_from {words.name}'"
    everywhere = {option.flag for option in GLOBAL_OPTIONS}
    lines = [f"{when} -a {_fish(' '.join(words.words))}"] if words.words else []
    if words.name in FILE_COMMANDS:
        lines.append(f"{when} -F")
    for option in words.options:
        if option.flags[0] in everywhere:
            continue
        spelt = " ".join(
            f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags
        )
        value = " -r" * option.takes_value + (" -F" if set(option.flags) & FILES else "")
        value += f" -a {_fish(' '.join(option.choices))}" if option.choices else ""
        lines.append(f"{when} {spelt}{value} -d {_fish(option.help)}")
    return lines


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


COMMANDS = {"completions": Verb(_configure, _run, prints=False)}

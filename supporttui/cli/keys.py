"""`keys`: every verb of the console with its keys, and whether keys.toml and commands.toml can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import PolicyError

from .output import Column
from .parser import Parser, Verb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supporttui.verbs.commandfile import CommandFile
    from supporttui.verbs.keyfile import KeyFile

    from .session import Session

COLUMNS = (Column("verb"), Column("keys"), Column("changed from"), Column("does", flexible=True))
TMUX_SECONDS = 0.5  # a tmux that doesn't answer by then is as good as none


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="only say what is wrong with keys.toml and commands.toml; exit code 78 when anything is"
    )  # fmt: skip


def _run(session: Session) -> int:
    from supporttui.verbs.keyfile import key_file, read

    environ = session.world.environ
    restricted = session.settings.switch("restricted")
    prefix = tmux_prefix(environ) if session.args.check and not restricted else ""
    found = read(key_file(environ), prefix=prefix)
    commands = None if restricted else _commands(environ, found, prefix)
    return _check(session, found, commands) if session.args.check else _print(session, found, commands)


def _commands(environ: Mapping[str, str], keys: KeyFile, prefix: str) -> CommandFile:
    """Commands of one's own beside the keys in force."""
    from supporttui.verbs.commandfile import command_file, read

    return read(command_file(environ), keys.keymap(), prefix=prefix)


def tmux_prefix(environ: Mapping[str, str]) -> str:
    """The prefix key of the tmux that we run in, as the keymap has it; "" outside, or when it doesn't answer."""
    if not environ.get("TMUX"):
        return ""
    import subprocess

    from supporttui.errors import UsageError
    from supporttui.verbs.keyfile import canonical

    try:
        done = subprocess.run(
            ["tmux", "show", "-gv", "prefix"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=TMUX_SECONDS,
            check=False,
            env=dict(environ),
        )
        return canonical(done.stdout.decode("utf-8", "replace").strip())
    except (OSError, ValueError, subprocess.SubprocessError, UsageError):
        return ""


def _check(session: Session, found: KeyFile, commands: CommandFile | None) -> int:
    out = session.out
    faults = [(str(found.path), *fault) for fault in found.faults]
    faults += [(str(commands.path), *fault) for fault in commands.faults] if commands else []
    names = ("file", "verb", "message")
    if out.form == "json":
        out.json_list(dict(zip(names, fault, strict=True)) for fault in faults)
    elif out.form == "tsv":
        out.tsv(list(names), (list(fault) for fault in faults))
    else:
        for line in (*found.lines(), *(commands.lines() if commands else ())):
            out.line(line)
        if not found.faults:
            out.line(f"{found.path}: {_verdict(found)}")
        if commands and commands.path.exists() and not commands.faults:
            count = len(commands.commands)
            out.line(f"{commands.path}: can be used; {count} {'command' if count == 1 else 'commands'}")
    return PolicyError.exit_code if faults else 0


def _verdict(found: KeyFile) -> str:
    if not found.path.exists():
        return "not there; the keys are the defaults"
    changed = len(found.changes)
    return f"can be used; {changed} {'verb has' if changed == 1 else 'verbs have'} keys of your own"


def _print(session: Session, found: KeyFile, commands: CommandFile | None) -> int:
    """The keys in force; a broken file is told on standard error, as the console tells it."""
    out, verbs = session.out, _verbs(found, commands)
    if out.form == "json":
        out.json_list(verbs)
    elif out.form == "tsv":
        rows = [
            [v["verb"], " ".join(v["keys"]), " ".join(v["default"]), v["changed"], v["help"]] for v in verbs
        ]
        out.tsv(["verb", "keys", "default", "changed", "help"], rows)
    else:
        out.table(COLUMNS, [_cells(verb, ascii=out.ascii) for verb in verbs])
    if found.faults:
        session.hint(f"{found.path} can't be used, these are the defaults: see supporttui keys --check")
    if commands and commands.faults:
        session.hint(f"{commands.path} has faults: see supporttui keys --check")
    return 0


def _verbs(found: KeyFile, commands: CommandFile | None) -> list[dict[str, Any]]:
    from supporttui.verbs.commandfile import with_commands

    keymap = with_commands(found.keymap(), commands.commands if commands else ())
    return [
        {
            "verb": verb.id,
            "keys": list(keymap.keys(verb)),
            "default": list(verb.keys),
            "changed": keymap.keys(verb) != verb.keys,
            "title": verb.title,
            "help": verb.help,
        }
        for verb in keymap.verbs
    ]


def _cells(verb: dict[str, Any], *, ascii: bool) -> list[str]:
    from supporttui.verbs.keymap import key_name

    def names(keys: list[str]) -> str:
        return " ".join(key_name(key, ascii=ascii) for key in keys) or "-"

    return [
        verb["verb"],
        names(verb["keys"]),
        names(verb["default"]) if verb["changed"] else "",
        verb["help"],
    ]


COMMANDS = {"keys": Verb(_configure, _run)}

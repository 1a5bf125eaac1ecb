"""Argument parsing: argparse, but with one-line errors, nearest words and values that can't crash.

Only the parser of the command that was named is ever built.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from supporttui.config import nearest, nearest_option
from supporttui.errors import NotFound, UsageError

from .registry import EXIT_CODES, GLOBAL_OPTIONS, Command

if TYPE_CHECKING:
    from .session import Session

# Marks a word that looks like an option but isn't one ("-tag:spam" in a query); can't occur in an argv.
MARK = "\x00"
GLOBAL_PREFIX = "global_"


class Verb(NamedTuple):
    """A command as its family defines it.

    configure: adds the arguments.  run: does the work and returns the exit code (None: 0).
    prints: takes --json and --tsv.  writes: takes --if-version.  query: its positional words are a
    query, in which a word may begin with "-".  parts: the verbs of a family, of which the first word is one
    ("list" when there is none); then run is never called.
    """

    configure: Callable[[Parser], None]
    run: Callable[[Session], int | None]
    prints: bool = True
    writes: bool = False
    query: bool = False
    parts: Callable[[], Mapping[str, Verb]] | None = None


class Parser(argparse.ArgumentParser):
    """Raises UsageError instead of printing the usage and leaving."""

    def __init__(self, *given: Any, **named: Any) -> None:
        named.setdefault("allow_abbrev", False)
        named.setdefault("formatter_class", Formatter)
        super().__init__(*given, **named)

    def format_help(self) -> str:
        import shutil

        Formatter.cells = max(40, min(100, shutil.get_terminal_size((96, 24)).columns)) - 2
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        message = re.sub(r"^argument ([^:]+): ", r"\1: ", message)
        match = re.search(r"invalid choice: (.*) \(choose from (.*)\)$", message, re.DOTALL)
        if match:
            words = [word.strip("' ") for word in match[2].split(",")]
            given = match[1].strip("'\"")
            hint = nearest(given, words) or f"; it may be {', '.join(words)}"
            raise UsageError(f"{message[: match.start()]}{match[1]} is not known{hint}")
        raise UsageError(f"{message}; try {self.prog} --help")

    def parse(self, argv: Sequence[str], *, query: bool = False) -> argparse.Namespace:
        """The arguments.  query: a word such as -tag:spam is no option."""
        # Intermixed: a positional may follow an option ("reply 5 --status open TEXT").
        found, unknown = self.parse_known_intermixed_args(self._marked(argv, query))
        if unknown:
            self._refuse(unknown[0])
        for name, value in vars(found).items():
            setattr(found, name, _unmarked(value))
        return found

    def _marked(self, argv: Sequence[str], query: bool) -> list[str]:
        """The words, those that begin with "-" and are no options marked so that argparse takes them."""
        words = list(argv)
        end = words.index("--") if "--" in words else len(words)
        marked = [MARK + word if query and self._is_query_word(word) else word for word in words[:end]]
        return marked + [MARK + word for word in words[end + 1 :]]

    def _is_query_word(self, word: str) -> bool:
        looks = len(word) > 1 and word[0] == "-" and word[1] != "-"
        return looks and word not in self._option_string_actions

    def _refuse(self, word: str) -> NoReturn:
        if word.startswith(MARK):
            raise UsageError(f"{text(word)!r} is one word too many; try {self.prog} --help")
        flag = word.split("=", 1)[0]
        if flag.startswith("-"):
            known = [one for one in self._option_string_actions if one.startswith("--")]
            hint = nearest_option(flag, known)
            raise UsageError(f"unknown option {text(flag)!r}{hint or f'; try {self.prog} --help'}")
        raise UsageError(
            f"{text(word)!r} is one word too many (quotes keep words together); try {self.prog} --help"
        )


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help with room for long options.

    The width is set when help is printed; asking for it at every argument, as argparse
    does when it checks them, would import half of shutil into each command.
    """

    cells = 96

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=self.cells)


def is_shown(action: argparse.Action) -> bool:
    """Whether people are told of an argument: what one process says to another is nobody's to type."""
    return action.help != argparse.SUPPRESS


def build(command: Command, verb: Verb) -> Parser:
    """The parser of one command, with the options that every command has."""
    parser = Parser(
        prog=f"supporttui {command.name}",
        description=command.summary[0].upper() + command.summary[1:] + ".",
        epilog="Exit codes: see supporttui --help.",
    )
    verb.configure(parser)
    places = [_place(action) for action in parser._actions if not action.option_strings]
    parser.usage = " ".join([parser.prog, *places, "[options]"])
    add_common(parser, verb)
    return parser


def _place(action: argparse.Action) -> str:
    """How a positional stands in the usage line."""
    name = str(action.metavar or action.dest)
    many = {"*": f"[{name} …]", "+": f"{name} …", "?": f"[{name}]"}
    return many.get(str(action.nargs), name)


def add_common(parser: Parser, verb: Verb) -> None:
    """--json, --tsv, --if-version and the global options."""
    if verb.prints:
        form = parser.add_mutually_exclusive_group()
        form.add_argument(
            "--json", dest="form", action="store_const", const="json", help="print JSON (docs/json.md)"
        )
        form.add_argument(
            "--tsv", dest="form", action="store_const", const="tsv", help="print tab-separated values"
        )
    if verb.writes:
        parser.add_argument(
            "--if-version", type=whole(1, 2**31), metavar="N", dest="seen",
            help="refuse when it changed since version N",
        )  # fmt: skip
    everywhere = parser.add_argument_group("everywhere")
    for option in GLOBAL_OPTIONS:
        more: dict[str, Any] = {"metavar": option.value} if option.value else {"action": "store_true"}
        everywhere.add_argument(
            option.flag,
            dest=GLOBAL_PREFIX + option.setting,
            default=argparse.SUPPRESS,
            help=option.summary,
            **more,
        )


def global_flags(found: argparse.Namespace) -> dict[str, Any]:
    """The global options among the arguments, by setting name."""
    start = len(GLOBAL_PREFIX)
    return {name[start:]: value for name, value in vars(found).items() if name.startswith(GLOBAL_PREFIX)}


def query_text(words: Iterable[str]) -> str:
    """The query that the positional words make."""
    return " ".join(map(text, words))


def _unmarked(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix(MARK)
    return [_unmarked(one) for one in value] if isinstance(value, list) else value


# -- argument types ---------------------------------------------------------------------------------


def text(word: str) -> str:
    """An argument as text: bytes that are no UTF-8 become U+FFFD, so that nothing later trips over them."""
    word = word.removeprefix(MARK)
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return word.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return word


def ticket(word: str) -> int:
    """A ticket's number, written 1042 or #1042."""
    word = word.removeprefix(MARK)
    digits = word.removeprefix("#")
    if not (digits.isascii() and digits.isdigit()) or not digits.strip("0"):
        raise argparse.ArgumentTypeError(
            f"a ticket is named by its number, such as 1042, not by {text(word)!r}"
        )
    if len(digits) > 18:
        # Beyond what any store can number, so it needs no look.
        raise NotFound(f"there is no ticket {digits[:18]}…")
    return int(digits)


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number in the range."""

    def read(word: str) -> int:
        word = word.removeprefix(MARK)
        digits = word.removeprefix("-")
        fits = digits.isascii() and digits.isdigit() and len(digits) < 19
        if not fits or not least <= int(word) <= most:
            raise argparse.ArgumentTypeError(f"{text(word)!r} is not a whole number from {least} to {most}")
        return int(word)

    return read


# -- help --------------------------------------------------------------------------------------------


def exit_code_lines() -> list[str]:
    """The exit codes, one line each."""
    return [f"  {code:>3}  {meaning}" for code, meaning in EXIT_CODES]

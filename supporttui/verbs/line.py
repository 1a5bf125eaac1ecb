"""The `:` line: a verb by its name and, after it, the answer to its question.

Pure: from a text, the verbs in force and the words that are known to a call,
to completions, or to one line that says what is wrong and in which column.
Any text gives one of these; nothing else is ever raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from supporttui.config import nearest
from supporttui.errors import UsageError

from .registry import Verb

# What an argument may be.  Of a closed kind only a known word is taken.
CLOSED = frozenset({"severity", "status", "view", "theme", "ending"})
KINDS = CLOSED | {"person", "tags", "instant", "duration", "number", "query", "words"}
EXAMPLES = {"instant": ("45m", "in 2h", "16:00", "tomorrow 9:00"), "duration": ("15m", "1h", "1h30m")}
ENDINGS = ("resolve", "close", "reopen")
SHOWN = 12  # completions that anybody reads


class Word(NamedTuple):
    """A word that is known.  note: what it means."""

    text: str
    note: str = ""


Known = Mapping[str, Sequence[Word]]


class Call(NamedTuple):
    """A verb to run.  argument: the answer to its question, None when it is to ask."""

    verb: Verb
    argument: str | None = None


class Completion(NamedTuple):
    """What may stand there.  line: the whole line with it.  word: what is shown of it.  note: what it means."""

    line: str
    word: str
    note: str = ""


class LineError(UsageError):
    """What is wrong with a line, in words.  column: 1-based, of where it is wrong."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


def parse(text: str, verbs: Sequence[Verb], known: Known | None = None) -> Call:
    """The call that a line means.  Errors: LineError."""
    head, argument, start = _parts(text)
    if not head:
        raise LineError("a verb by its name, such as severity 2; Tab shows them", 1)
    verb = _verb(head, verbs, text.find(head))
    if not argument:
        return Call(verb)
    if not verb.takes:
        raise LineError(f"{verb.id} takes nothing after it", start + 1)
    return Call(verb, _argument(verb, argument, (known or {}).get(verb.takes, ()), start + 1))


def complete(
    text: str,
    verbs: Sequence[Verb],
    known: Known | None = None,
    *,
    query: Callable[[str], Sequence[str]] = lambda _text: (),
) -> list[Completion]:
    """What the word at the end may become, best first.

    query: from the beginning of a query to whole ones that begin with it.
    """
    stripped = text.lstrip()
    lead = text[: len(text) - len(stripped)]
    head, blank, rest = stripped.partition(" ")
    if not blank:
        return _verbs_completed(lead, head, verbs)[:SHOWN]
    try:
        verb = _verb(head, verbs, 0)
    except LineError:
        return []
    before = f"{lead}{head} "
    if verb.takes == "query":
        return [Completion(before + whole, whole.split(" ")[-1]) for whole in query(rest)][:SHOWN]
    words = (known or {}).get(verb.takes) or [Word(word) for word in EXAMPLES.get(verb.takes, ())]
    return _words_completed(before, rest, words, each=verb.takes == "tags")[:SHOWN]


def shared(completions: Sequence[Completion]) -> str:
    """The longest beginning that all of the lines have, "" for none."""
    lines = [one.line for one in completions]
    low, high = (min(lines), max(lines)) if lines else ("", "")
    same = next((at for at, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
    return low[:same]


def _parts(text: str) -> tuple[str, str, int]:
    """The verb's word, what follows it, and the 0-based place where that begins."""
    head, _, rest = text.strip().partition(" ")
    argument = rest.strip()
    return head, argument, text.rfind(argument) if argument else len(text)


def _verb(head: str, verbs: Sequence[Verb], at: int) -> Verb:
    """The verb of this name, or the only one whose name begins so."""
    named = head.casefold()
    by_id = {verb.id.casefold(): verb for verb in verbs}
    if named in by_id:
        return by_id[named]
    found = [verb for verb in verbs if verb.id.casefold().startswith(named)]
    found = found or [verb for verb in verbs if verb.title.casefold().startswith(named)]
    if len(found) == 1:
        return found[0]
    if found:
        raise LineError(f"“{head}” may be {_either([verb.id for verb in found])}", at + 1)
    raise LineError(f"no verb “{head}”{nearest(named, by_id)}", at + 1)


def _argument(verb: Verb, text: str, words: Sequence[Word], column: int) -> str:
    if verb.takes == "number":
        digits = text.lstrip("#").strip()
        if not (digits.isascii() and digits.isdigit() and 0 < len(digits) < 16):
            raise LineError("the number of a ticket, such as 1042", column)
        return digits
    if verb.takes not in CLOSED:
        return text
    wanted = text.casefold()
    exact = [word.text for word in words if wanted in (word.text.casefold(), word.note.casefold())]
    found = exact or [word.text for word in words if word.text.casefold().startswith(wanted)]
    if len(found) == 1 or exact:
        return found[0]
    if found:
        raise LineError(f"“{text}” may be {_either(found)}", column)
    names = [word.text for word in words]
    near = nearest(wanted, [name.casefold() for name in names]) or (f": {_either(names)}" if names else "")
    raise LineError(f"no {verb.takes} “{text}”{near}", column)


def _either(words: Sequence[str]) -> str:
    return ", ".join(words[:5]) + (" or another" if len(words) > 5 else "")


def _verbs_completed(lead: str, head: str, verbs: Sequence[Verb]) -> list[Completion]:
    typed = head.casefold()
    return [
        Completion(f"{lead}{verb.id}{' ' if verb.takes else ''}", verb.id, verb.help)
        for verb in verbs
        if verb.id.casefold().startswith(typed)
    ]


def _words_completed(before: str, rest: str, words: Sequence[Word], *, each: bool) -> list[Completion]:
    """each: every word of the rest is completed by itself, a minus before it stays."""
    if each:
        done, blank, rest = rest.rpartition(" ")
        before += done + blank
        if rest.startswith("-"):
            before, rest = before + "-", rest[1:]
    typed = rest.casefold()
    return [
        Completion(before + word.text, word.text, word.note)
        for word in words
        if word.text.casefold().startswith(typed) and word.text.isprintable()
    ]

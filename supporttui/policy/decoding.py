"""What is wrong in a TOML file, in one line: the key's path, what was expected, the nearest word.

msgspec checks a file against its records; its messages are put into the words of
the file here, for policies and rosters alike.
"""

from __future__ import annotations

import re
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from supporttui.policy.durations import nearest

_AT = re.compile(r"(?P<what>.*) - at `\$\.?(?P<path>.*)`", re.DOTALL)
_KINDS = {
    "int": "a whole number", "str": "text", "bool": "true or false", "float": "a number with a fraction",
    "array": "a list", "object": "a table", "null": "nothing",
    "date": "a date without quotes", "datetime": "a time without quotes", "time": "a time without quotes",
}  # fmt: skip


def said(message: str, root: type, whole: str) -> str:
    """msgspec's message in our words: the key path first, then what is wrong there.

    root: the record of the whole file.  whole: what such a file is called ("policy").
    """
    found = _AT.fullmatch(message)
    what, path = (found["what"], found["path"]) if found else (message, "")
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        return f"{_joined(path, unknown[1])}: no such key{nearest(unknown[1], _keys_at(path, root))}"
    if missing := re.fullmatch(r"Object missing required field `(.*)`", what):
        return f"{_joined(path, missing[1])}: missing; every {_table(path, whole)} needs it"
    if wrong := re.fullmatch(r"Expected `(.*)`, got `(.*)`", what):
        wanted = " or ".join(_KINDS.get(kind, kind) for kind in wrong[1].split(" | "))
        return f"{path or 'the file'}: expected {wanted}, not {_KINDS.get(wrong[2], wrong[2])}"
    if bound := re.fullmatch(r"Expected `int` (>=|<=) (.*)", what):
        side = "at least" if bound[1] == ">=" else "at most"
        return f"{path or 'the file'}: expected a whole number of {side} {bound[2]}"
    if value := re.fullmatch(r"Invalid enum value '?(.*?)'?", what):
        return f"{path}: '{value[1]}' is not a choice{nearest(value[1], _choices_at(path, root))}"
    return f"{path}: {lowered(what)}" if path else lowered(what)


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _table(path: str, whole: str) -> str:
    name = re.sub(r"\[\d+\]", "", path)
    return f"[[{name}]]" if path.endswith("]") else f"[{name}]" if name else whole


def lowered(text: str) -> str:
    """With a small first letter, as the middle of a line."""
    return text[:1].lower() + text[1:]


def _keys_at(path: str, root: type) -> tuple[str, ...]:
    """The keys that the table at this path may have."""
    kind = _type_at(path, root)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return tuple(field.encode_name for field in msgspec.structs.fields(kind))
    return ()


def _choices_at(path: str, root: type) -> tuple[str, ...]:
    """The words that the key at this path may have."""
    return tuple(word for word in get_args(_type_at(path, root)) if isinstance(word, str) and word)


def _type_at(path: str, root: type) -> Any:
    """Follow a key path of the file ("ladder[2].rung[0]") through the records."""
    kind: Any = root
    for name in re.findall(r"[^.\[\]]+", path):
        if name.isdigit() or name == "...":
            kind = next((each for each in get_args(kind) if each is not Ellipsis), None)
        elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            hints = get_type_hints(kind)
            names = {field.encode_name: field.name for field in msgspec.structs.fields(kind)}
            kind = _given(hints.get(names.get(name, "")))
        if get_origin(kind) is None and kind is None:
            return None
    return kind


def _given(kind: Any) -> Any:
    """The type of a table that may be left out (`Table | None`): the table's."""
    tables = [one for one in get_args(kind) if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    return tables[0] if len(tables) == 1 and type(None) in get_args(kind) else kind

"""From a TOML file to a `Policy`, or one line that says what to mend.

This is the only module that decodes; msgspec is imported by it and by the
records alone, so that a command which needs no policy pays nothing for it.
Reading files happens here and nowhere else in the package.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import msgspec

from supporttui.errors import PolicyError
from supporttui.policy.calendars import build_calendar
from supporttui.policy.decoding import lowered, said
from supporttui.policy.durations import Duration, Warn, nearest, parse_duration, parse_warn
from supporttui.policy.records import PolicyFile
from supporttui.policy.references import Fault, verify
from supporttui.policy.rules import Policy

PRESETS = ("netex", "xnet")
_VENDORS = Path(__file__).with_name("vendors")
_LARGEST = 1 << 20


def load(name_or_path: str | Path = "netex") -> Policy:
    """The preset of this name ("netex", "xnet"), or the policy in this TOML file.

    Errors: PolicyError with one line that names the file, the key and the nearest valid word.
    """
    if isinstance(name_or_path, str) and name_or_path in PRESETS:
        return _preset(name_or_path)
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and not path.suffix and not path.exists():
        known = f"{nearest(name_or_path, PRESETS)}"
        raise PolicyError(f"no policy '{name_or_path}'{known} (or give the path of a TOML file)")
    return read_policy(_text_of(path), path.name, path.parent)


def read_policy(text: str, source: str, folder: Path | None = None) -> Policy:
    """A policy from its TOML text.

    source: the file's name, for errors.  folder: where iCalendar files are looked for.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{source}: not TOML: {lowered(str(error))}") from None
    except RecursionError:
        raise PolicyError(f"{source}: nested too deeply to be a policy") from None
    file = _decode(raw, source)
    try:
        verify(file)
        built = [
            build_calendar(f"calendar[{n}]", table, file.vendor.zone, folder)
            for n, table in enumerate(file.calendars)
        ]
    except Fault as fault:
        raise PolicyError(f"{source}: {fault.key}: {fault}") from None
    calendars = {table.name: each.calendar for table, each in zip(file.calendars, built, strict=True)}
    digest = partial(_hash, file, [each.from_files for each in built])
    return Policy(file, calendars, digest=digest, source=source)


@lru_cache(maxsize=len(PRESETS))
def _preset(name: str) -> Policy:
    path = _VENDORS / f"{name}.toml"
    return read_policy(_text_of(path), path.name, _VENDORS)


def preset_text(name: str) -> str:
    """The TOML of a preset, comments included."""
    if name not in PRESETS:
        raise PolicyError(f"no policy '{name}'{nearest(name, PRESETS)}")
    return _text_of(_VENDORS / f"{name}.toml")


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise PolicyError(f"{path.name}: larger than 1 MiB, so it is no policy")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path.name}: not UTF-8 text (byte {error.start + 1})") from None
    except OSError as error:
        raise PolicyError(f"{path}: can't be read: {(error.strerror or 'error').lower()}") from None


def _decode(raw: dict[str, Any], source: str) -> PolicyFile:
    try:
        return msgspec.convert(raw, PolicyFile, dec_hook=_words_to_values)
    except msgspec.ValidationError as error:
        raise PolicyError(f"{source}: {said(str(error), PolicyFile, 'policy')}") from None


def _words_to_values(wanted: type, written: Any) -> Any:
    if wanted not in (Duration, Warn):
        raise TypeError(f"no way to read {wanted}")
    if not isinstance(written, str):
        example = "8 hours" if wanted is Duration else "75%"
        raise ValueError(f"expected text like '{example}', not {written!r}")
    return parse_duration(written) if wanted is Duration else parse_warn(written)


def _hash(file: PolicyFile, from_files: list[Mapping[str, str]]) -> str:
    """12 hex digits over the meaning: layout, comments and ways of writing a duration don't count."""
    import hashlib  # which loads OpenSSL

    encoded = msgspec.json.encode([file, from_files], enc_hook=_canonical, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()[:12]


def _canonical(value: Any) -> str:
    if isinstance(value, Duration):
        return value.canonical
    if isinstance(value, Warn):
        return value.slug
    raise TypeError(f"no way to write {type(value)}")

"""What every console of a test run would make anew though it is always the same: parsed styles, a desk's first tickets.

A console starts some hundred times in a test run.  Only time changes, never what a test sees: the
same text under the same variables gives the same rules, the same reports the same store.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from textual.css.stylesheet import Stylesheet

_RULES: dict[Any, Any] = {}
_STORES: dict[Any, Path] = {}
_FOLDER = TemporaryDirectory(prefix="supporttui-stores-")
_parse = Stylesheet._parse_rules


def _parse_once(self: Stylesheet, *words: Any, **named: Any) -> Any:
    key = (tuple(sorted(self._variables.items())), words, tuple(sorted(named.items())))
    if key not in _RULES:
        _RULES[key] = _parse(self, *words, **named)
    return _RULES[key]


def remember_styles() -> None:
    Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign]


def store(path: Path, key: Any, fill: Callable[[Path], None]) -> None:
    """The store at `path` as `fill` fills it: written once for each `key`, copied from then on."""
    if key not in _STORES:
        first = Path(_FOLDER.name) / f"{len(_STORES)}.sqlite3"
        fill(first)
        assert not Path(f"{first}-wal").exists(), "what was written last is not in the file that is copied"
        _STORES[key] = first
    shutil.copyfile(_STORES[key], path)
    path.chmod(0o600)

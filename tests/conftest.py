"""For all tests: garbage is looked for as seldom as in the program itself, and what belongs together stays together.

With `-n 2 --dist loadgroup` two processes share the tests: those of a file stay in one,
because they share what was set up for it, and those of the console too, because the
last of them asks what the others did.  Only time changes, never what a test sees.
"""

from __future__ import annotations

import gc

import pytest

from supporttui.__main__ import GARBAGE_THRESHOLD


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            folder, file = item.path.parent.name, item.path.stem
            item.add_marker(pytest.mark.xdist_group("console" if folder == "console" else file))


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # modules and tests stay until the end
    gc.set_threshold(GARBAGE_THRESHOLD)

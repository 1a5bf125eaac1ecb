"""For all tests: garbage is looked for as seldom as in the program itself, and what belongs together stays together.

With `-n 2` two processes share the tests: those of a file stay in one, because they
share what was set up for it, and those of the console too, because the last of them
asks what the others did.  Only time changes, never what a test sees.
"""

from __future__ import annotations

import gc
from typing import Any

import pytest

from supporttui.__main__ import GARBAGE_THRESHOLD

CONSOLE = "tests/console/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return CONSOLE if nodeid.startswith(CONSOLE) else nodeid.split("::", 1)[0]

    return ByFile(config, log)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # modules and tests stay until the end
    gc.set_threshold(GARBAGE_THRESHOLD)

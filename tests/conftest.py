"""For all tests: garbage is looked for as seldom as in the program itself.

Only time changes, never what a test sees.
"""

from __future__ import annotations

import gc

from supporttui.__main__ import GARBAGE_THRESHOLD


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # modules and tests stay until the end
    gc.set_threshold(GARBAGE_THRESHOLD)

"""Brings a store's schema forward, one numbered step per transaction, one process at a time.

A store that holds something is backed up first.  A store newer than this program is
never written to: what a later version means by its columns can't be guessed.
"""

from __future__ import annotations

from supporttui import __version__
from supporttui.errors import StoreUnfit
from supporttui.store.migrations import LATEST, STEPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.store.engine import Engine


def bring_up_to_date(engine: Engine, url: str, *, readonly: bool) -> None:
    """Bring an older schema forward.

    StoreUnfit when the schema is newer than the program and to be written, or when it is
    older and may only be read.
    """
    version = engine.schema_version()
    if version > LATEST and not readonly:
        raise StoreUnfit(
            f"the store {url} has schema {version} and this program knows {LATEST}: "
            "update supporttui (nothing was written)"
        )
    if version < LATEST and readonly:
        raise StoreUnfit(
            f"the store {url} has the older schema {version} and was opened for reading only; "
            "open it once for writing to bring it forward"
        )
    if version < LATEST:
        bring_forward(engine, upto=LATEST)


def bring_forward(engine: Engine, *, upto: int) -> tuple[int, ...]:
    """Run the steps that are missing up to one and return their numbers; () when another process was faster."""
    done: list[int] = []
    with engine.migrating():
        if 0 < engine.schema_version() < upto:
            engine.keep_copy()
        for number, module in STEPS:
            if engine.schema_version() < number <= upto:
                _run(engine, number, module)
                done.append(number)
    return tuple(done)


def _run(engine: Engine, number: int, module: str) -> None:
    from importlib import import_module

    step = import_module(f"supporttui.store.migrations.{module}")
    try:
        engine.begin(write=True)
        for statement in step.statements(engine.dialect):
            engine.run(statement)
        engine.run("INSERT INTO schema_step (number, program) VALUES (?, ?)", (number, __version__))
        engine.mark_schema(number)
        engine.commit()
    except BaseException:
        engine.rollback()
        raise
    finally:
        engine.finish()

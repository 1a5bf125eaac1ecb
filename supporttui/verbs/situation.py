"""What the analyst has before them when a key is pressed: what decides whether a verb can run."""

from __future__ import annotations

from dataclasses import field

from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The facts that why-disabled rules look at.

    ticket: the number that a verb would act on, 0 for none; the other fields
    describe it.  marked: how many tickets are marked.  actor: who sits here.
    open: neither resolved, closed nor merged.  readonly: nothing may be written.
    busy: what is being written right now, "" for nothing.  repeats: the verb that
    `.` does again, "" for none.  commands: how many commands of one's own can be run.
    """

    ticket: int = 0
    status: str = ""
    owner: str = ""
    severity: int = 0
    open: bool = True
    merged_into: int = 0
    moves: tuple[str, ...] = ()
    marked: int = 0
    actor: str = ""
    readonly: bool = False
    busy: str = ""
    rows: int = 0
    repeats: str = ""
    commands: int = 0
    tags: tuple[str, ...] = field(default_factory=tuple)

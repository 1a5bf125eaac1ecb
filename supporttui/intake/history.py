"""Rows → histories: for each ticket of the other system what happened to it, step by step.

A row of a history is one step: what was known after it.  A row that is a ticket by
itself is turned into the steps that must have happened (reported, resolved, closed).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from supporttui.desk import check
from supporttui.errors import PolicyError, UsageError
from supporttui.intake.mapping import PLAIN_FIELDS, TEXT_KINDS, ImportMapping, Rejected
from supporttui.intake.rows import Row
from supporttui.policy import Policy


@dataclass(slots=True, kw_only=True)
class Step:
    """What one row says.

    at: UTC.  line: of the row in the file.  severity 0, status "", owner None and
    fields left out: not said.  texts: (journal kind, text).  mark: identity of the
    step within its ticket, the same in every export of the same history.
    """

    at: datetime
    line: int
    actor: str = ""
    severity: int = 0
    status: str = ""
    owner: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    mark: str = ""


@dataclass(slots=True)
class History:
    """The steps of one ticket of the other system, in order of time.

    reported_at: the initial report (UTC), never later than the first step.
    """

    external_id: str
    reported_at: datetime
    steps: list[Step]


class HistoryReader:
    """Reads rows with a mapping, and keeps the reasons of those that it rejects.

    rejected: line of the row → reason.  rows: how many were read so far.
    """

    def __init__(self, mapping: ImportMapping, policy: Policy) -> None:
        self.mapping = mapping
        self.policy = policy
        self.rejected: dict[int, str] = {}
        self.rows = 0
        self._plain = tuple(name for name in PLAIN_FIELDS if name in mapping.ticket)
        self._severities: dict[str, int] = {}

    def histories(self, rows: Iterable[Row]) -> Iterator[History]:
        """The histories, in the order in which their first rows stand in the file."""
        if not self.mapping.group_by:
            return self._each_row(rows)
        return self._runs(rows) if self.mapping.grouped else iter(self._grouped(rows))

    def _each_row(self, rows: Iterable[Row]) -> Iterator[History]:
        for row, key in self._keyed(rows):
            try:
                yield self._whole(key, row)
            except Rejected as why:
                self.rejected[row.line] = str(why)

    def _runs(self, rows: Iterable[Row]) -> Iterator[History]:
        """Rows of one ticket stand together: only one history is held at a time."""
        found: dict[str, History] = {}
        for row, key in self._keyed(rows):
            if key not in found and found:
                yield _in_order(found.popitem()[1])
            self._add(found, key, row)
        for history in found.values():
            yield _in_order(history)

    def _grouped(self, rows: Iterable[Row]) -> list[History]:
        found: dict[str, History] = {}
        for row, key in self._keyed(rows):
            self._add(found, key, row)
        return [_in_order(history) for history in found.values()]

    def _keyed(self, rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
        """The rows that can be read and say which ticket they belong to; the others are rejected."""
        for row in rows:
            self.rows += 1
            row.open_json(self.mapping.json_columns)
            try:
                yield row, self._key(row)
            except Rejected as why:
                self.rejected[row.line] = str(why)

    def _key(self, row: Row) -> str:
        if row.reason:
            raise Rejected(row.reason)
        if self.mapping.group_by and "external_id" not in self.mapping.ticket:
            key = row.text(self.mapping.group_by).strip()
        else:
            key = self.mapping.text(self.mapping.ticket, "external_id", row)
        if not key:
            raise Rejected("external_id: empty, so the ticket can't be told from others")
        return _checked("external_id", key)

    def _add(self, found: dict[str, History], key: str, row: Row) -> None:
        """Put the step of a row into its history, which begins with it if there is none yet."""
        try:
            step = self._step(row)
            reported = self.mapping.instant(self.mapping.ticket, "reported_at", row)
        except Rejected as why:
            self.rejected[row.line] = str(why)
            return
        history = found.setdefault(key, History(key, step.at, []))
        if history.steps and history.steps[-1].fields == step.fields:
            step.fields = history.steps[-1].fields  # most rows repeat them; one copy is enough
        history.steps.append(step)
        history.reported_at = min(history.reported_at, step.at, reported or step.at)

    def _step(self, row: Row) -> Step:
        at = self.mapping.instant(self.mapping.event, "time", row)
        if at is None:
            raise Rejected("time: empty, so the row has no place in the history")
        step = self._said(row, at)
        step.mark = _mark(step)
        return step

    def _said(self, row: Row, at: datetime) -> Step:
        """Everything that a row says, as of an instant, but its mark."""
        event = self.mapping.event
        owner = self.mapping.text(event, "owner", row) if "owner" in event else None
        texts = [(kind, self.mapping.text(event, kind, row)) for kind in TEXT_KINDS if kind in event]
        return Step(
            at=at,
            line=row.line,
            actor=_checked("actor", self.mapping.text(event, "actor", row)),
            severity=self._severity(row),
            status=self._status(row),
            owner=None if owner is None else _checked("owner", owner),
            fields=self._fields(row),
            tags=self._tags(row),
            texts=tuple((kind, _long(kind, text)) for kind, text in texts if text),
        )

    def _whole(self, key: str, row: Row) -> History:
        """The history of a ticket that is one row: reported, then resolved, closed or moved."""
        mapping = self.mapping
        seen_at = mapping.instant(mapping.event, "time", row)
        reported = mapping.instant(mapping.ticket, "reported_at", row) or seen_at
        if reported is None:
            raise Rejected("reported_at: empty, so no deadline can be counted")
        first = self._said(row, reported)
        last, first.status, first.mark = first.status, "", "report"
        history = History(key, reported, [first])
        for name in ("resolved_at", "closed_at"):
            at = mapping.instant(mapping.ticket, name, row)
            if at is not None:
                self._move(history, name.removesuffix("_at"), at)
        if last and last != (history.steps[-1].status or "new"):
            self._move(history, last, seen_at or history.steps[-1].at)
        return history

    def _move(self, history: History, status: str, at: datetime) -> None:
        step = Step(
            at=max(at, history.steps[-1].at),
            line=history.steps[0].line,
            actor=history.steps[0].actor,
            status=status,
        )
        step.mark = _mark(step)
        history.steps.append(step)

    def _severity(self, row: Row) -> int:
        text = self.mapping.text(self.mapping.event, "severity", row)
        if not text:
            return 0
        if text not in self._severities:
            self._severities[text] = self._severity_named(text)
        return self._severities[text]

    def _severity_named(self, text: str) -> int:
        try:
            return self.policy.severity(int(text) if text.isascii() and text.isdigit() else text).number
        except PolicyError as error:
            raise Rejected(f"severity: {error}") from None

    def _status(self, row: Row) -> str:
        text = self.mapping.text(self.mapping.event, "status", row)
        return _one_of("status", text, tuple(status.name for status in self.policy.statuses))

    def _fields(self, row: Row) -> dict[str, str]:
        """The plain fields of the ticket that the row fills."""
        found = {}
        for name in self._plain:
            text = self.mapping.text(self.mapping.ticket, name, row)
            if text:
                found[name] = self._field(name, text)
        return found

    def _field(self, name: str, text: str) -> str:
        match name:
            case "description":
                return _long(name, text)
            case "channel":
                return _one_of(name, text, self.policy.channels)
            case "category":
                return _one_of(name, text, self.policy.categories)
            case "environment":
                return _one_of(name, text, self.policy.environments)
            case "plan":
                return _one_of(name, text, self.policy.plans)
            case _:
                return _checked(name, text)

    def _tags(self, row: Row) -> tuple[str, ...]:
        text = self.mapping.text(self.mapping.ticket, "tags", row)
        try:
            return check.tags(text.replace(",", " ").replace(";", " ").split())
        except UsageError as error:
            raise Rejected(f"tags: {error}") from None


def _in_order(history: History) -> History:
    """Steps by time; those of one instant stay in the order of the file."""
    history.steps.sort(key=lambda step: step.at)
    return history


def _checked(name: str, text: str) -> str:
    try:
        return check.field(name, text)
    except UsageError as error:
        raise Rejected(str(error)) from None


def _long(name: str, text: str) -> str:
    try:
        return check.long_text(name, text)
    except UsageError as error:
        raise Rejected(str(error)) from None


def _one_of(name: str, text: str, valid: tuple[str, ...]) -> str:
    try:
        return check.one_of(name, _checked(name, text), valid)
    except UsageError as error:
        raise Rejected(f"{error} (map it in the mapping file)") from None


def _mark(step: Step) -> str:
    """A short digest of what happened; not of fields that every export may fill in later."""
    parts = (step.at.isoformat(), step.actor, step.severity, step.status, step.owner, step.texts)
    return hashlib.blake2s(repr(parts).encode("utf-8", "replace"), digest_size=6).hexdigest()

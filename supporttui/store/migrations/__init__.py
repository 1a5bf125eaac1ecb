"""The numbered steps that bring a store's schema forward.

Each step is one module with `statements(dialect)`: raw SQL, written out per dialect where
they differ.  A released step is never edited; a change of the schema is a new step.
Columns are added with a default, so that a program one version older can still insert.
"""

from __future__ import annotations

STEPS: tuple[tuple[int, str], ...] = (
    (1, "s0001_core"),
    (2, "s0002_search"),
    (3, "s0003_shifts"),
    (4, "s0004_notices"),
    (5, "s0005_book"),
    (6, "s0006_intake"),
)
"""Number and module of every step, in order."""

LATEST = STEPS[-1][0]
"""The schema version that this program writes."""

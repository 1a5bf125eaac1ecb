"""Products with their releases, and the releases of operating systems, as rows of a page."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from supporttui.desk.dossier import Dossier
from supporttui.store.book_records import OsRelease, Product, Release
from supporttui.terminal.safe import clean_line

from . import book as records
from . import outline
from .book import cell, grouped, record_row
from .outline import Row
from .setting import Setting
from .spans import Line, Span, line


def rows(known: Dossier, folded: Collection[str], cells: int, setting: Setting, now: datetime) -> list[Row]:
    """The page in rows of `cells` cells: a heading a product or system, a row a release."""
    out: list[Row] = []
    if not known.of("product"):
        out.append(outline.text(line(Span(" no product yet; a enters one", "muted")), cells, setting))
    of_product = grouped(known.of("release"), "product")
    followers = grouped([one for one in known.of("release") if one.replaces and one.released_on], "replaces")
    for product in known.of("product"):
        name = product_fold(product.id)
        releases = of_product.get(product.id, [])
        out.append(_heading(name, product, releases, cells, setting, name in folded))
        if name not in folded:
            out += (_release(one, followers.get(one.id, []), known, cells, setting) for one in releases)
    out.append(outline.text((), cells, setting))
    systems = list(dict.fromkeys(one.os for one in known.of("os-release")))
    note = f"{len(systems)}; the day on which the team got access" if systems else "none; a adds one"
    out.append(
        outline.heading("systems", "Operating systems", note, cells, setting, folded="systems" in folded)
    )
    if "systems" not in folded:
        out += (_system(one, known, cells, setting) for one in known.of("os-release"))
    return [*out, *_history(known, folded, cells, setting, now)]


def product_fold(id: int) -> str:
    """The name under which a product folds."""
    return f"product {id}"


def _heading(
    name: str, product: Product, releases: list[Release], cells: int, setting: Setting, folded: bool
) -> Row:
    newest = _current(releases)
    parts = [clean_line(product.family), f"{len(releases)} releases" if len(releases) != 1 else "1 release"]
    parts.append(f"current {clean_line(newest.name)}" if newest else "")
    note = f" {setting.glyphs.dot} ".join(filter(None, parts))
    head = outline.heading(name, clean_line(product.name), note, cells, setting, folded=folded)
    return head._replace(record=("product", product.id))


def _current(releases: list[Release]) -> Release | None:
    """The newest that is out."""
    out = [one for one in releases if one.released_on is not None]
    return max(out, key=lambda one: (str(one.released_on), one.id), default=None)


def _release(one: Release, followers: list[Release], known: Dossier, cells: int, setting: Setting) -> Row:
    words, role = _standing(one, followers, known)
    spans = (
        Span(f"     {cell(f'{one.name} {one.edition}'.rstrip(), 10, setting)}"),
        Span(cell(one.kind, 7, setting), "muted"),
        Span(cell(f"since {one.released_on}" if one.released_on else "not out yet", 16, setting)),
        Span(words, role),
    )
    return record_row(spans, "release", one.id, cells, setting, one.name)


def _standing(one: Release, followers: list[Release], known: Dossier) -> tuple[str, str]:
    """What followed it, and when its support ends where that was announced."""
    parts = []
    if followers:
        first = min(followers, key=lambda other: str(other.released_on))
        name = first.name if first.product == one.product else known.name("release", first.id)
        when = "" if first.product == one.product else f" on {first.released_on}"
        parts.append(f"followed by {clean_line(name)}{when}")
    elif one.released_on is not None:
        parts.append("current")
    if one.support_ends_on:
        parts.insert(0, f"support to {one.support_ends_on}")
    over = one.support_ends_on is not None and one.support_ends_on < known.today
    return ", ".join(parts), "warning" if over else "good" if "current" in parts else "muted"


def _system(one: OsRelease, known: Dossier, cells: int, setting: Setting) -> Row:
    spans: Line = (
        Span(f"     {cell(f'{one.os} {one.name}', 24, setting)}"),
        Span(
            f"accessed {one.accessed_on}" if one.accessed_on else "no access noted",
            "" if one.accessed_on else "muted",
        ),
        Span(f"  {clean_line(one.notes)}" if one.notes else "", "muted"),
    )
    return record_row(spans, "os-release", one.id, cells, setting, f"{one.os} {one.name}")


def _history(
    known: Dossier, folded: Collection[str], cells: int, setting: Setting, now: datetime
) -> Iterator[Row]:
    if not known.history:
        return
    yield outline.text((), cells, setting)
    note = str(len(known.history))
    yield outline.heading("history", "History", note, cells, setting, folded="history" in folded)
    if "history" not in folded:
        yield from records.history(known, cells, setting, now)

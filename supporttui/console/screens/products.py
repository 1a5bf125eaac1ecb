"""The products with their releases, and the operating systems' releases: looked up and edited on one page."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence

from supporttui.console.present import products as present
from supporttui.console.present.outline import FOLD, Row
from supporttui.desk import dossier
from supporttui.desk.dossier import Dossier
from supporttui.store.columns import fold

from .book import BookPage
from .pace import Pace

FEW = 12  # products up to which all are shown in full


class ProductsScreen(BookPage):
    """Answers nothing.  at: the ticket's product, release, system and its release, where the reader begins."""

    def __init__(self) -> None:
        super().__init__()
        self._served = -1
        self._begin: Hashable = None
        self._pace = Pace()
        self._made: dict[Hashable, Sequence[Row]] = {}

    def prepare(
        self, known: Dossier, served: int, at: tuple[str, str, str, str] = ("", "", "", "")
    ) -> ProductsScreen:
        """served: how many readings the console had served when this was read."""
        self.known, self._served, self._made = known, served, {}
        self.heading, self.words = "Products and releases", ""
        product = next((one for one in known.of("product") if fold(one.name) == fold(at[0])), None)
        wanted = product.id if product is not None else 0
        many = len(known.of("product")) > FEW
        self.folded = {"history"} | {
            present.product_fold(one.id) for one in known.of("product") if many and one.id != wanted
        }
        release = next(
            (one for one in known.of("release") if one.product == wanted and fold(one.name) == fold(at[1])),
            None,
        )
        self._begin = (FOLD, present.product_fold(wanted)) if wanted else None
        if release is not None:
            self._begin = ("book", "release", release.id)
        return self

    def opened(self) -> None:
        super().opened()
        if self._begin is not None:
            self.cursor, self._begin = self._begin, None
            self._stand()

    def all_rows(self, width: int, folded: Collection[str]) -> Sequence[Row]:
        key = (width, frozenset(folded))
        if key not in self._made:
            self._made = {key: present.rows(self.known, folded, width, self.setting, self.app.shift.now())}
        return self._made[key]

    def own_key(self, key: str) -> bool:
        if key == "y":
            self._copy()
            return True
        return super().own_key(key)

    def _copy(self) -> None:
        from supporttui.console.actions import terminal

        row = self.row
        if row is not None and row.copies:
            self.app.run_worker(terminal.send(self.app.work, "name", row.copies), group="page")

    def _choose(self, *, fold_only: bool) -> None:
        """Enter on a heading folds; `e` edits what it tells of."""
        row = self.row
        heading = row is not None and isinstance(row.key, tuple) and row.key[0] == FOLD
        super()._choose(fold_only=fold_only or heading)

    def _entering(self) -> str:
        row = self.row
        heading = row is not None and isinstance(row.key, tuple) and row.key[0] == FOLD
        return "fold" if heading else super()._entering()

    def hints(self) -> Sequence[tuple[str, str]]:
        enter, *rest = super().hints()
        edit = () if enter[1] == "edit" else (("e", "edit"),)
        return (enter, *edit, *rest, ("y", "copy"))

    # -- records --------------------------------------------------------------------------------

    def kinds_here(self) -> Sequence[str]:
        row = self.row
        kind = row.record[0] if row is not None else ""
        if kind in ("product", "release"):
            return ("release", "product")
        # On a page without a product that heading is all that one can stand on, and "a enters one" means a product.
        at_systems = row is not None and row.key == (FOLD, "systems") and bool(self.known.of("product"))
        return ("os-release",) if kind == "os-release" or at_systems else ("product", "os-release")

    def given(self, kind: str) -> tuple[Mapping[str, str], int]:
        row = self.row
        of, id = row.record if row is not None else ("", 0)
        record = self.known.record(of, id)
        if kind == "release" and record is not None:
            product = record.product if of == "release" else id
            newest = [one for one in self.known.of("release") if one.product == product]
            before = {"replaces": self.known.name("release", newest[-1].id)} if newest else {}
            return {"product": self.known.name("product", product), **before}, product
        if kind == "os-release" and of == "os-release" and record is not None:
            return {"os": record.os}, 0
        return {}, 0

    # -- reading --------------------------------------------------------------------------------

    async def read(self) -> None:
        served = self.app.reader.served
        with self._pace.reading(self.app.shift.now()):
            self.known, self._served = await self.app.link.run(dossier.of_products), served
        self._made = {}
        self.show_anew()

    async def beat(self) -> None:
        """What others change is read anew."""
        if self.app.reader.served != self._served and not self._pace.rests(self.app.shift.now()):
            await self.read()

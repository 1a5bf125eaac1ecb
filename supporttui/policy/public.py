"""Public holidays by country and region, from the `holidays` library.

The library is imported when a calendar names a country, and asked for a year
when that year is needed, once per process.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from supporttui.errors import PolicyError
from supporttui.policy import civil
from supporttui.policy.words import hint, show


class PublicHolidays:
    """The public holidays of one country, with those of one of its regions.

    country: ISO 3166 code (`US`).  region: the library's subdivision code (`MN`), or "".
    Raises PolicyError for a country or region that the library does not know.
    """

    def __init__(self, country: object, region: object = "", *, key: str = "") -> None:
        known = _supported()
        if not isinstance(country, str) or country not in known:
            raise PolicyError(
                f"{key}country: no public holidays known for {show(country)}"
                f"{hint(str(country), known) or '; use a two-letter code such as US'}"
            )
        regions = known[country]
        if region and region not in regions:
            choices = hint(str(region), regions) or (
                f"; known are {', '.join(regions)}" if regions else "; leave the region out"
            )
            raise PolicyError(f"{key}region: {country} has no region {show(region)}{choices}")
        self.country = country
        self.region = str(region or "")

    def year(self, year: int) -> Mapping[int, str]:
        """Names of the year's public holidays by day number."""
        return _year(self.country, self.region, year)

    def between(self, lo: int, hi: int) -> list[int]:
        """The day numbers of the public holidays in [lo, hi)."""
        first, last = civil.day_of(lo).year, civil.day_of(hi).year
        days = (day for year in range(first, last + 1) for day in self.year(year))
        return [day for day in days if lo <= day < hi]


def _library() -> Any:
    import holidays

    return holidays


@lru_cache(maxsize=1)
def _supported() -> dict[str, list[str]]:
    return dict(_library().list_supported_countries(include_aliases=False))


@lru_cache(maxsize=2048)
def _year(country: str, region: str, year: int) -> Mapping[int, str]:
    with warnings.catch_warnings():  # it warns of years it knows little of, on a screen that is not its own
        warnings.simplefilter("ignore")
        found = _library().country_holidays(country, subdiv=region or None, years=year)
    return {civil.day_number(day): str(name) for day, name in found.items() if day.year == year}

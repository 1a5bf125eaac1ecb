"""How many tickets a second a bulk import writes, with and without bringing the search up to date.

Usage: python tests/bench/store_bulk.py [TICKETS]
Goal: 50,000 rows a second.  Processor time, so that other load on the machine counts less.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from supporttui.store import bulk, open_store

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def main(arguments: list[str]) -> int:
    count = int(arguments[0]) if arguments else 50_000
    rows = [
        {
            "subject": f"link {index} is down",
            "description": "the link comes up but no data moves since last night",
            "severity": 2,
            "status": "closed",
            "owner": "raj",
            "customer": f"Customer {index % 300}",
            "reported_at": NOW,
        }
        for index in range(count)
    ]
    with open_store(":memory:") as store:
        began = time.process_time()
        with bulk.loading(store):
            bulk.tickets(store, rows)
            written = time.process_time()
        searchable = time.process_time()
    rate = count / (written - began)
    print(f"{count} tickets: {rate:,.0f} a second, {count / (searchable - began):,.0f} with the search index")
    return 0 if rate >= 50_000 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

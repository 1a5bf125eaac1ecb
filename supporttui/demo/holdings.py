"""What the sample desk's customers have: where they are, what they bought, what runs where.

Invented, like their problems.  Every date is a number of days before (or, with a
minus sign, after) the day on which the desk is built, so that what the book says
of "lapsed yesterday" or "two days left" is true whenever somebody looks.
"""

from __future__ import annotations

from typing import NamedTuple


class House(NamedTuple):
    """A customer.  key: its number.  zone: IANA.  sites: (site ID, name, zone or "")."""

    name: str
    key: str
    zone: str
    sites: tuple[tuple[str, str, str], ...] = ()


class Bought(NamedTuple):
    """A licence.  monthly: the charge, "" none; paid: days since the last day paid for, None is not kept."""

    customer: str
    product: str
    purchased: int
    shipped: int
    price: str
    currency: str = "USD"
    monthly: str = ""
    paid: int | None = None
    users: int = 0
    added: int = 0
    edition: str = ""


class Host(NamedTuple):
    """A CPU.  runs: (product, release, uses TCP/IP)."""

    customer: str
    name: str
    os: str
    os_release: str
    runs: tuple[tuple[str, str, bool], ...]


class Package(NamedTuple):
    """A chain of support packages.

    plan: which of the policy's plans by its years.  terms: how many were bought.  ends: days until the
    last day of the one in force.  next: whether its renewal was ordered already.
    """

    customer: str
    years: int
    terms: int
    ends: int
    next: bool = False


HOUSES = (
    House("Acme Corp", "C-1001", "America/Chicago", (("0417", "Minneapolis", ""), ("0418", "Phoenix", "America/Phoenix"))),
    House("Globex", "C-1002", "Europe/Stockholm", (("0233", "Stockholm", ""),)),
    House("Initech", "C-1003", "America/Chicago", (("0118", "Austin", ""),)),
    House("Hooli", "C-1004", "America/Los_Angeles", (("0502", "Palo Alto", ""),)),
    House("Umbrella Insurance", "C-1005", "Europe/London", (("0077", "London", ""),)),
    House("Northwind Freight", "C-1006", "Europe/Lisbon", (("0310", "Lisbon", ""), ("0311", "Ponta Delgada", "Atlantic/Azores"))),
    House("Banco del Río", "C-1007", "Europe/Madrid", (("0644", "Barcelona", ""),)),
    House("Tyrell Biosciences", "C-1008", "America/Los_Angeles", (("0291", "Los Angeles", ""),)),
    House("Stark County Clerk", "C-1009", "America/New_York", (("0155", "Canton", ""),)),
    House("Perak Rubber Works", "C-2001", "Asia/Kuala_Lumpur", (("0901", "Ipoh", ""),)),
    House("Selangor Tiles", "C-2002", "Asia/Kuala_Lumpur", (("0902", "Shah Alam", ""),)),
    House("Kopitiam Group", "C-2003", "Asia/Kuala_Lumpur", (("0903", "Petaling Jaya", ""),)),
    House("Zürcher Kantonsarchiv", "C-1010", "Europe/Zurich", (("0388", "Zürich", ""),)),
    House("Wayne Logistics", "C-1011", "America/New_York", (("0470", "Newark", ""),)),
    House("Osaka Gakuin Hospital", "C-1012", "Asia/Tokyo", (("0711", "大阪", ""),)),
)  # fmt: skip

# (customer, name, e-mail, telephone, site): beside those who report in the stories.
MORE_PEOPLE = (
    ("Acme Corp", "Operations desk", "ops@acme.example", "+1 612 555 0100", "0417"),
    ("Acme Corp", "W. Begay", "w.begay@acme.example", "+1 602 555 0174", "0418"),
    ("Northwind Freight", "Duarte Reis", "dreis@northwind.example", "+351 296 555 012", "0311"),
    ("Perak Rubber Works", "Accounts", "accounts@perakrubber.example", "+60 5 555 0100", "0901"),
)

FAMILIES = {
    "NETEX": "NetEx transfer", "HyperIP": "NetEx transfer", "BFX": "NetEx transfer", "PFX": "NetEx transfer",
    "USER-Access": "eFT", "CAM": "eFT", "TPS": "NetEx transfer",
    "Ledger": "Office", "Payroll": "Office", "Stock Control": "Office",
}  # fmt: skip

# product → (release, days since it was released), each follows the one before it.
RELEASED: dict[str, tuple[tuple[str, int], ...]] = {
    "NETEX": (("7.0", 1400), ("7.1", 620), ("8.0", 90)),
    "HyperIP": (("6.2.1", 900), ("6.3", 480), ("6.4.2", 170)),
    "BFX": (("5.4", 800), ("5.5", 60)),
    "PFX": (("3.1", 700), ("3.2", 178)),
    "USER-Access": (("7.1", 730), ("7.2", 150)),
    "CAM": (("4.2", 2100),),
    "TPS": (("2.8", 640), ("2.9", 30)),
    "Ledger": (("12.0", 1100), ("12.4", 420), ("13.1", 45)),
    "Payroll": (("9.2", 500), ("9.3", 75)),
    "Stock Control": (("4.0", 610), ("4.1", 120)),
}
PLANNED = (("NETEX", "8.1"), ("HyperIP", "6.5"), ("Ledger", "13.2"))  # releases without a date yet

# (system, release, days since the team got access to it)
SYSTEMS = (
    ("z/OS", "2.5", 1500), ("z/OS", "3.1", 760), ("z/OS", "3.2", 40), ("VMware ESXi", "8.0", 1300), ("Hyper-V", "2022", 1700),
    ("AIX", "7.3", 1600), ("Solaris", "11.4", 2900), ("RHEL", "9.4", 560), ("Windows Server", "2022", 1700),
    ("Unisys MCP", "20.0", 1200), ("Windows", "10", 3000), ("Windows", "11", 1500),
)  # fmt: skip

MONTHLY = {"NETEX": "1450.00", "HyperIP": "820.00", "BFX": "610.00", "PFX": "540.00", "USER-Access": "690.00", "TPS": "380.00", "Ledger": "265.00", "Payroll": "190.00", "Stock Control": "140.00"}  # fmt: skip
PRICES = {"NETEX": "48000.00", "HyperIP": "21500.00", "BFX": "17250.00", "PFX": "16400.00", "USER-Access": "19990.00", "TPS": "9800.00", "CAM": "7400.00", "Ledger": "12650.00", "Payroll": "8480.50", "Stock Control": "5999.00"}  # fmt: skip


def _sold(customer: str, purchased: int, *products: str, paid: int | None = None) -> tuple[Bought, ...]:
    """Licences with the charge that their product has."""
    return tuple(
        Bought(
            customer, product, purchased, purchased - 6, PRICES[product],
            "USD", MONTHLY.get(product, ""), paid,
            5 if FAMILIES[product] == "Office" else 0,
        )
        for product in products
    )  # fmt: skip


BOUGHT: tuple[Bought, ...] = (
    *_sold("Acme Corp", 895, "NETEX", "BFX"),
    *_sold("Globex", 640, "HyperIP", "PFX"),
    *_sold("Initech", 320, "TPS", "Ledger"),
    *_sold("Hooli", 731, "USER-Access", "HyperIP"),
    *_sold("Umbrella Insurance", 1200, "BFX", "NETEX"),
    *_sold("Northwind Freight", 705, "PFX", "Stock Control"),
    *_sold("Banco del Río", 1390, "NETEX", "USER-Access"),
    # Shipped a month ago, and no charge has begun: what holds is the warranty.
    Bought("Tyrell Biosciences", "HyperIP", 36, 30, PRICES["HyperIP"]),
    # The charge was paid until six weeks ago.
    *_sold("Stark County Clerk", 1090, "TPS", paid=42),
    *_sold("Stark County Clerk", 355, "Payroll"),
    Bought("Perak Rubber Works", "Ledger", 1065, 1060, PRICES["Ledger"], "MYR", MONTHLY["Ledger"], users=12, added=3, edition="Standard"),
    Bought("Perak Rubber Works", "Payroll", 1065, 1060, PRICES["Payroll"], "MYR", MONTHLY["Payroll"], users=12, edition="Standard"),
    Bought("Selangor Tiles", "Ledger", 330, 328, PRICES["Ledger"], "MYR", MONTHLY["Ledger"], users=4, edition="Professional"),
    Bought("Kopitiam Group", "Stock Control", 385, 380, PRICES["Stock Control"], "MYR", MONTHLY["Stock Control"], users=9, edition="Standard"),
    Bought("Kopitiam Group", "Ledger", 385, 380, PRICES["Ledger"], "MYR", MONTHLY["Ledger"], users=6, edition="Standard"),
    *_sold("Zürcher Kantonsarchiv", 640, "PFX", "USER-Access"),
    *_sold("Wayne Logistics", 729, "USER-Access", "CAM", "Payroll"),
    *_sold("Osaka Gakuin Hospital", 500, "TPS", "NETEX"),
)  # fmt: skip

HOSTS = (
    Host("Acme Corp", "ACMEPRD1", "z/OS", "3.1", (("NETEX", "8.0", True), ("BFX", "5.5", True))),
    Host("Acme Corp", "ACMETST", "z/OS", "3.2", (("NETEX", "8.0", True),)),
    Host("Globex", "esx-sthlm-04", "VMware ESXi", "8.0", (("HyperIP", "6.4.2", True),)),
    Host("Globex", "arkiv", "Solaris", "11.4", (("PFX", "3.1", True),)),
    Host("Initech", "MCPA", "Unisys MCP", "20.0", (("TPS", "2.8", True),)),
    Host("Initech", "BOOKS-PC", "Windows", "11", (("Ledger", "12.4", False),)),
    Host("Hooli", "signon01", "RHEL", "9.4", (("USER-Access", "7.2", True),)),
    Host("Hooli", "hv-pa-2", "Hyper-V", "2022", (("HyperIP", "6.4.2", True),)),
    Host("Umbrella Insurance", "UMBZOS", "z/OS", "2.5", (("BFX", "5.4", True), ("NETEX", "7.1", True))),
    Host("Northwind Freight", "nwzos", "z/OS", "3.1", (("PFX", "3.2", True),)),
    Host("Northwind Freight", "STOCK1", "Windows", "11", (("Stock Control", "4.1", False),)),
    Host("Banco del Río", "BDRZ1", "z/OS", "2.5", (("NETEX", "7.0", True),)),
    Host("Banco del Río", "bdr-access", "Windows Server", "2022", (("USER-Access", "7.2", True),)),
    Host("Tyrell Biosciences", "tyr-esx1", "VMware ESXi", "8.0", (("HyperIP", "6.4.2", True),)),
    Host("Stark County Clerk", "CLERKZ", "z/OS", "2.5", (("TPS", "2.9", True),)),
    Host("Stark County Clerk", "PAY-PC", "Windows", "10", (("Payroll", "9.2", False),)),
    Host("Perak Rubber Works", "AKAUN", "Windows Server", "2022", (("Ledger", "13.1", False), ("Payroll", "9.3", False))),
    Host("Selangor Tiles", "TILES-01", "Windows", "11", (("Ledger", "13.1", False),)),
    Host("Kopitiam Group", "KOPI-HQ", "Windows", "11", (("Stock Control", "4.0", False), ("Ledger", "12.4", False))),
    Host("Zürcher Kantonsarchiv", "zka-aix", "Solaris", "11.4", (("PFX", "3.2", True),)),
    Host("Zürcher Kantonsarchiv", "zka-win", "Windows Server", "2022", (("USER-Access", "7.2", True),)),
    # Both on one CPU, both set up for TCP/IP: the advice that is told loudly.
    Host("Wayne Logistics", "wayne-rhel", "RHEL", "9.4", (("USER-Access", "7.2", True), ("CAM", "4.2", True))),
    Host("Wayne Logistics", "WAGES", "Windows", "11", (("Payroll", "9.3", False),)),
    Host("Osaka Gakuin Hospital", "OGHZOS", "z/OS", "3.2", (("TPS", "2.9", True), ("NETEX", "8.0", True))),
)  # fmt: skip

# (customer, what, product, host, noted days ago, authorised by)
MODIFIED = (
    ("Hooli", "sign-on exit replaced by one of their own", "USER-Access", "signon01", 75, ""),
    ("Acme Corp", "dump data set enlarged, as we advised", "NETEX", "ACMEPRD1", 210, "raj"),
)

# (customer, number, product, quoted days ago, free support until so many days from now, in its words)
QUOTED = (
    ("Initech", "Q-2217", "Ledger", 320, 45, "free telephone support for the first year"),
    ("Stark County Clerk", "Q-2094", "Payroll", 355, -130, "free support for 225 days after delivery"),
)

# Every state that a package can be in on the day one looks.
PACKAGES = (
    Package("Perak Rubber Works", 1, 3, 30),
    Package("Selangor Tiles", 2, 1, 400),
    Package("Kopitiam Group", 1, 1, -20),
    Package("Northwind Freight", 1, 2, 25, next=True),
    Package("Wayne Logistics", 2, 1, 0),
    Package("Zürcher Kantonsarchiv", 2, 1, 90),
    Package("Globex", 2, 1, 91),
    Package("Hooli", 2, 1, -1),
    Package("Acme Corp", 1, 3, 200),
    Package("Osaka Gakuin Hospital", 2, 1, 230),
    Package("Tyrell Biosciences", 1, 1, 328),
    Package("Banco del Río", 1, 4, 12),
)

# (title, product, symptom, workaround, found in, state, fixed in)
KNOWN = (
    ("S0C4 at start-up after an IPL", "NETEX", "The region abends with S0C4 in the subtask attach when it starts before the IPL is through.",
     "Start the region two minutes after JES2, or hold it by automation.", "7.1, 8.0", "planned", "8.1"),
    ("Tunnel drops every few minutes with jumbo frames", "HyperIP", "Both ends of the tunnel restart; replication stops.",
     "Lower the MTU on the far end to 1,400.", "6.3, 6.4.2", "workaround", ""),
    ("Negative byte count above 2 GB", "BFX", "The log shows a negative byte count; the files are right.", "", "5.4", "fixed", "5.5"),
    ("Key code refused after the move to a new PC", "Ledger", "The program asks for a key and refuses the old one.",
     "Send a new key for the new computer.", "12.4, 13.1", "confirmed", ""),
    ("Sign-on times out when the listener's certificate ended", "USER-Access", "Every sign-on ends with a time-out; the log stays empty.",
     "Load a new certificate and recycle the listener.", "7.1, 7.2", "workaround", ""),
)  # fmt: skip

# The newest change of each, as a colleague made it: (kind, customer, actor, days ago, field, before).
AMENDED = (
    ("customer", "Acme Corp", "raj", 12, "zone", "America/New_York"),
    ("customer", "Stark County Clerk", "mei", 40, "notes", ""),
)
NOTES = {"Stark County Clerk": "Calls only between 9 and 12; ask for the registrar."}


def owners(product: str) -> list[str]:
    """Customers who run a product, each once."""
    return list(dict.fromkeys(one.customer for one in HOSTS if any(run[0] == product for run in one.runs)))


def where(customer: str, product: str) -> tuple[Host, str] | None:
    """The first host on which a customer runs a product, and the release there; None for nowhere."""
    for host in HOSTS:
        if host.customer == customer:
            for name, release, _tcp_ip in host.runs:
                if name == product:
                    return host, release
    return None

"""What the sample desk's customers report: invented, but of the kinds that both vendors get."""

from __future__ import annotations

from typing import NamedTuple


class Customer(NamedTuple):
    name: str
    site: str
    contact: str
    email: str
    phone: str


class Story(NamedTuple):
    """subject and text may use {product}, {release}, {os}; severities: those it is reported with.

    kind: what sort of report it is; `CATEGORIES` has the words that policies use for it.
    """

    products: tuple[str, ...]
    severities: tuple[int, ...]
    subject: str
    text: str
    answer: str
    kind: str = "problem"


CUSTOMERS = (
    Customer("Acme Corp", "0417", "J. Ortiz", "j.ortiz@acme.example", "+1 612 555 0142"),
    Customer("Globex", "0233", "Mara Lindqvist", "mara@globex.example", "+46 8 555 010 77"),
    Customer("Initech", "0118", "P. Gibbons", "pgibbons@initech.example", "+1 512 555 0119"),
    Customer("Hooli", "0502", "Dana Whitfield", "dana.w@hooli.example", "+1 650 555 0188"),
    Customer("Umbrella Insurance", "0077", "R. Okafor", "r.okafor@umbrella.example", "+44 20 7946 0301"),
    Customer("Northwind Freight", "0310", "Sofia Marques", "smarques@northwind.example", "+351 21 555 0190"),
    Customer("Banco del Río", "0644", "Núria Puig", "nuria.puig@bancorio.example", "+34 93 555 0123"),
    Customer("Tyrell Biosciences", "0291", "E. Hannibal", "eh@tyrell.example", "+1 213 555 0166"),
    Customer("Stark County Clerk", "0155", "L. Beaumont", "lbeaumont@starkcounty.example", "+1 330 555 0171"),
    Customer("Perak Rubber Works", "0901", "Tan Mei Ling", "meiling@perakrubber.example", "+60 5 555 0142"),
    Customer("Selangor Tiles", "0902", "Azlan Hashim", "azlan@selangortiles.example", "+60 3 5550 0188"),
    Customer("Kopitiam Group", "0903", "Priya Nair", "priya@kopitiam.example", "+60 3 5550 0107"),
    Customer("Zürcher Kantonsarchiv", "0388", "B. Ammann", "b.ammann@zka.example", "+41 44 555 01 31"),
    Customer("Wayne Logistics", "0470", "L. Fox", "lfox@wayne.example", "+1 201 555 0150"),
    Customer("Osaka Gakuin Hospital", "0711", "田中 由紀", "tanaka@ogh.example", "+81 6 5550 0144"),
)  # fmt: skip

ANALYSTS = ("ana", "raj", "mei", "tomas")

RELEASES = {
    "NETEX": ("7.0", "7.1", "8.0"),
    "HyperIP": ("6.2.1", "6.3", "6.4.2"),
    "BFX": ("5.4", "5.5"),
    "PFX": ("3.1", "3.2"),
    "USER-Access": ("7.1", "7.2"),
    "TPS": ("2.8", "2.9"),
    "Ledger": ("12.0", "12.4", "13.1"),
    "Payroll": ("9.2", "9.3"),
    "Stock Control": ("4.0", "4.1"),
}

SYSTEMS = {
    "NETEX": (("z/OS", "2.5"), ("z/OS", "3.1")),
    "HyperIP": (("VMware ESXi", "8.0"), ("Hyper-V", "2022")),
    "BFX": (("z/OS", "2.5"), ("AIX", "7.3")),
    "PFX": (("z/OS", "3.1"), ("Solaris", "11.4")),
    "USER-Access": (("z/OS", "3.1"), ("RHEL", "9.4"), ("Windows Server", "2022")),
    "TPS": (("Unisys MCP", "20.0"), ("z/OS", "2.5")),
    "Ledger": (("Windows", "11"), ("Windows Server", "2022")),
    "Payroll": (("Windows", "11"), ("Windows", "10")),
    "Stock Control": (("Windows", "11"),),
}

TRANSFER = ("NETEX", "HyperIP", "BFX", "PFX", "USER-Access", "TPS")
HOSTS = ("NETEX", "BFX", "PFX", "USER-Access", "TPS")
OFFICE = ("Ledger", "Payroll", "Stock Control")

STORIES = (
    Story(("NETEX",), (1,), "{product} abends on {os} during start-up after the IPL",
          "The region ends with S0C4 as soon as {product} {release} starts. Nothing is transferred. Two data centres wait.",
          "We have your dump and are reading the subtask attach. Please keep the region as it is."),
    Story(("HyperIP",), (1, 2), "{product} tunnel drops every few minutes, replication stopped",
          "Both ends of the tunnel restart. The array says that the replication link is down since the change window.",
          "Please send the capture of one restart; meanwhile lower the MTU on the far end as described."),
    Story(("USER-Access",), (1, 2), "No user can sign on to {product} since this morning",
          "Every sign-on ends with a time-out. The listener is up, the log stays empty.",
          "The certificate of the listener ended at midnight. A new one and the steps to load it are on their way."),
    Story(HOSTS, (1, 2), "Production transfers fail with a checksum error",
          "All transfers of the nightly run failed. The receiving side says that block checksums differ.",
          "We can repeat it with your parameters. A corrected load module is being tested."),
    Story(TRANSFER, (2, 3), "Transfers restart several times before they finish",
          "Large files need three or four attempts on {product} {release}; small ones are fine.",
          "The restarts follow a retransmission limit that is too low for your line; the new value is in this mail."),
    Story(("BFX", "PFX"), (2, 3), "{product} job waits for a tape that is already mounted",
          "The job waits although the volume is mounted. Cancelling and resubmitting helps, once.",
          "Please set the mount exit to the delivered version and tell us whether the wait returns."),
    Story(TRANSFER, (2,), "Throughput of {product} fell to a fifth after the upgrade to {release}",
          "Before the upgrade we saw 900 Mbit/s, now it is under 200. The line itself measures well.",
          "The upgrade set the window size back. With the old size our lab reaches the full rate again."),
    Story(TRANSFER, (2, 3), "Alert log of {product} fills the disk",
          "The log grows by about a gigabyte an hour with the same warning.",
          "The warning is harmless and is silenced by the parameter below until the next release."),
    Story(TRANSFER, (3,), "Wrong byte count in the log of {product}",
          "The log shows a negative byte count for files above 2 GB. The files themselves are right.",
          "The counter is 32 bits wide in {release}; corrected in the next maintenance release."),
    Story(TRANSFER, (3, 4), "How is {product} moved to new hardware?",
          "We replace the server in spring and would like to know what has to be ordered and changed.",
          "The steps are below. You need a new key for the new machine; please send its serial number.", "question"),
    Story(HOSTS, (3,), "{product} and the new release of {os}",
          "We plan to install the new release of {os} next month. Is {product} {release} ready for it?",
          "We got access to that release and are testing; you will hear from us before your date.", "os-release"),
    Story(TRANSFER, (3,), "Message in the manual does not match what {product} prints",
          "The manual explains another reason code than the one that we see.",
          "The manual is behind the program here; the right explanation is below."),
    Story(TRANSFER, (4,), "Please add a retry option to {product}",
          "It would help to set the number of attempts for each destination.",
          "Entered as a request for enhancement; we'll tell you when it is planned.", "enhancement"),
    Story(TRANSFER, (4,), "Typing error on the status screen of {product}",
          "The word 'recieved' on the second status screen.",
          "Thank you, corrected for the next release."),
    Story(("Ledger", "Payroll", "Stock Control"), (2, 3), "Key code for {product} is refused after the move to a new PC",
          "We copied the program to the new computer; it now asks for a key and refuses ours.",
          "Keys belong to one computer. A new one is attached; the old one no longer works.", "key"),
    Story(OFFICE, (1, 2), "{product} does not start: database version not supported",
          "Since the update this morning nobody in accounts can work.",
          "Please run the conversion as below; it keeps a copy of the old database beside it."),
    Story(OFFICE, (3,), "Registration of {product} for two added users",
          "We bought two more users last week; the program still shows the old number.",
          "The registration file for the new number of users is attached.", "registration"),
    Story(OFFICE, (3, 4), "Report of {product} prints an empty last page",
          "Each printed report ends with an empty page. The preview looks right.",
          "The paper format of the report was letter; the corrected template is attached."),
    Story(OFFICE, (3,), "Help with the installation of {product} {release}",
          "The installer stops at 80 % and says that a component is missing.",
          "Please install the component from the link first, then start the installer again.", "installation"),
    Story(OFFICE, (4,), "Feature request: export of {product} to a spreadsheet",
          "Our auditors ask for all postings of a year in one sheet.",
          "Noted as a feature request. Until then the report designer can do it; steps below.", "enhancement"),
    Story((*TRANSFER, *OFFICE), (3, 4), "Please write the conversion for our move to {product}",
          "We have 400 job definitions of the old scheduler and would like you to write the conversion, and to be with us on the weekend.",
          "We gladly do that as a project; the offer with days and price comes separately.", "services"),
)  # fmt: skip

# kind of a story → what policies call it, the first that a policy knows counts
CATEGORIES = {
    "problem": ("problem", "bug"),
    "question": ("question", "licensing"),
    "enhancement": ("enhancement", "feature-request"),
    "os-release": ("os-release", "bug"),
    "key": ("key-code", "problem"),
    "registration": ("registration", "question"),
    "installation": ("installation", "question"),
    "services": ("services", "consulting"),
}

# Somebody whom nobody has in the book yet.
STRANGER = Customer("Weyland Ferries", "", "I. Halvorsen", "halvorsen@weyland.example", "+47 55 55 01 20")


class Showing(NamedTuple):
    """A ticket that shows a verdict.  story: its place in STORIES; hours: how long ago it came.

    worked: minutes that its owner logged, on what; spent: an expense in the policy's currency.
    """

    story: int
    severity: int
    hours: float
    owner: str
    customer: str
    product: str
    worked: int = 0
    on: str = ""
    spent: str = ""


SHOWING = (
    Showing(
        6, 2, 5.2, "mei", "Tyrell Biosciences", "HyperIP", 35, "measured the line with the old window size"
    ),  # shipped a month ago: warranty
    Showing(5, 3, 30, "tomas", "Umbrella Insurance", "BFX"),  # the release before the newest
    Showing(
        3, 2, 7.5, "raj", "Banco del Río", "NETEX", 75, "compared the dumps with 7.1"
    ),  # a release from before that
    Showing(
        2, 2, 3.4, "ana", "Hooli", "USER-Access", 50, "traced the sign-on through their own exit"
    ),  # modified on their own
    Showing(10, 3, 26, "", "Osaka Gakuin Hospital", "TPS"),  # a new release of the system
    Showing(
        20, 3, 50, "tomas", "Northwind Freight", "PFX", 140, "first look at the job definitions", "84.00"
    ),  # work that no support covers
    Showing(
        4, 3, 21, "mei", "Stark County Clerk", "TPS", 20, "read the log of the last run"
    ),  # the charge was not paid any more
    Showing(2, 2, 1.3, "raj", "Wayne Logistics", "USER-Access"),  # CAM beside it, both on TCP/IP
    Showing(14, 3, 9, "ana", "Initech", "Ledger"),  # free by quotation
    Showing(15, 2, 4.1, "tomas", "Kopitiam Group", "Stock Control"),  # the package lapsed
    Showing(16, 3, 28, "", "Stark County Clerk", "Payroll"),  # the quotation's free time is over
    Showing(4, 3, 0.6, "", STRANGER.name, "NETEX"),  # nobody knows what they bought
)

# title of a known error → words of the subjects that are about it
ABOUT = {
    "S0C4 at start-up after an IPL": "abends on",
    "Tunnel drops every few minutes with jumbo frames": "tunnel drops",
    "Negative byte count above 2 GB": "Wrong byte count",
    "Key code refused after the move to a new PC": "Key code for",
    "Sign-on times out when the listener's certificate ended": "No user can sign on",
}

QUESTIONS = (
    "Could you send the log of the last start, and the parameters of the run?",
    "Does it happen on the second system too?",
    "Which change was made in the last window?",
    "Is the same file affected every time?",
)
NOTES = (
    "Asked development; they know the symptom from another site.",
    "Can't repeat it in the lab with the default parameters.",
    "Customer was friendly and will call back after the weekend.",
    "Looks like the case of last spring; compared the dumps.",
    "The trace shows a retransmission storm right before the restart.",
)
CUSTOMER_ANSWERS = (
    "The log is on your upload server now.",
    "It happened again at half past four, nothing new in the log.",
    "Yes, the second system shows it as well.",
    "We'll try it in tonight's window.",
)

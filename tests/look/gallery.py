"""Pictures of every screen in every theme, to be looked at by people.

    python tests/look/gallery.py FOLDER [--screens triage,ticket] [--themes night] [--sizes 80x24]

Writes FOLDER/SCREEN-THEME-SIZE.png, and per screen one sheet with all themes, FOLDER/SCREEN-SIZE.png.
Everything is drawn from the sample desk at one fixed instant, so that the same program draws the same pictures.
Needs Pillow and the DejaVu fonts, which only developers install.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pyte
from rich.console import Console as Rich

from supporttui.console.guided import GuidedApp
from supporttui.console.themes import load_themes
from supporttui.demo import build_demo
from supporttui.demo.arrivals import file_comes, mail_comes
from supporttui.demo.scenarios.script import Scenario
from supporttui.desk import attachments, change, participants, write
from supporttui.desk.files import blobs_of
from supporttui.desk.letterhead import Letterhead
from supporttui.desk.session import Desk
from supporttui.policy import load
from supporttui.policy.roster import Turn
from supporttui.store.records import DeskEvent, Notice
from supporttui.verbs.registry import BY_ID
from supporttui.watch.pulse import Health
from supporttui.watch.told import Told
from tests.console import driver
from tests.console.driver import Console, at_console

AT = datetime(2026, 11, 20, 20, 46, 12, tzinfo=UTC)
SIZES = ((80, 24), (160, 48))
SUGGESTED = 0.25  # seconds in which Textual has completed what was typed; nothing tells when


class Shot(NamedTuple):
    """What to press: a verb's id, "type:words", "key:name", or what is staged, "header:".  size: another size than the usual ones.
    policy: whose sample desk it is."""

    name: str
    presses: tuple[str, ...]
    size: tuple[int, int] | None = None
    empty: bool = False
    policy: str = "netex"


SHOTS = (
    Shot("triage", ("down", "down")),
    Shot("timers", ("timers", "down")),
    Shot("marked", ("mark", "mark", "mark")),
    Shot("ticket", ("down", "down", "open")),
    Shot("ticket-below", ("down", "down", "open", "page-down")),
    Shot("find", ("find", "type:tunnel")),
    Shot("query", ("query", "key:ctrl+u", "type:sevv:1 owner:none", "key:enter")),
    Shot("command", ("command", "type:se")),
    Shot("empty-view", ("query", "key:ctrl+u", "type:sev:1 customer:nobody", "key:enter")),
    Shot("severity", ("down", "severity")),
    Shot("status", ("down", "status")),
    Shot("acknowledge", ("acknowledge", "key:ctrl+u", "type:9:00", "key:enter")),
    Shot("assign", ("assign",)),
    Shot("close", ("down", "close")),
    Shot("close-many", ("mark", "mark", "mark", "close")),
    Shot("escalate", ("escalate",)),
    Shot("tag", ("tag",)),
    Shot("note", ("note", "type:S0C4 in the subtask attach.")),
    Shot("reply", ("reply", "type:We have your dump and are reading it. Next update by 15:30.")),
    Shot("report", ("report", "type:BFX job waits for a tape", "key:tab", "type:2")),
    Shot("snooze", ("snooze",)),
    Shot("log-time", ("log-time",)),
    Shot("merge", ("merge",)),
    Shot("link", ("link",)),
    Shot("keys", ("help",)),
    Shot("keys-filtered", ("help", "type:time")),
    Shot("palette", ("palette",)),
    Shot("palette-typed", ("palette", "type:hyp")),
    Shot("messages", ("take", "down", "take", "severity", "key:2", "messages")),
    Shot("wall", ("wall",)),
    Shot("handover", ("handover",)),
    Shot("notices", ("owed:",)),
    Shot("notices-none", ("notices",)),
    Shot("conflict", ("down", "down", "severity", "change:severity", "key:3")),
    Shot("pager", ("pager:",)),
    Shot("customer", ("customers",)),
    Shot("customer-book", ("customers", "key:pagedown")),
    Shot("customer-filter", ("customers", "key:/", "type:hyp", "key:enter")),
    Shot("record", ("customers", "key:/", "type:l-5", "key:enter", "key:enter")),
    Shot("record-wrong", ("customers", "key:a", "key:2", "type:NETEXX", "key:tab")),
    Shot("products", ("products",)),
    Shot("who-pays", ("down", "why")),
    Shot("report-owed", ("report", "type:down", "key:enter", "type:3", "key:enter", "type:0142", "key:enter")),
    Shot("known-error", ("known-errors",)),
    Shot("known-errors", ("down", "known", "type:t")),
    Shot("known-error-edit", ("known-errors", "key:e")),
    Shot("renewals", ("renewals",), policy="xnet"),
    Shot("renewals-quote", ("renewals", "open"), policy="xnet"),
    Shot("renewals-plan", ("renewals", "key:r"), policy="xnet"),
    Shot("customer-contracts", ("customers", "key:/", "type:smp", "key:enter"), policy="xnet"),
    Shot("remove", ("customers", "key:/", "type:l-5", "key:enter", "key:x")),
    Shot("stopwatch", ("timer", "down")),
    Shot("theme", ("theme",)),
    Shot("alarm", ("alarm",)),
    Shot("drafts", ("note", "type:half a thought", "key:escape", "drafts")),
    Shot("save-view", ("query", "key:ctrl+u", "type:sev:1,2 owner:none", "key:enter", "save-view")),
    Shot("commands", ("commands",)),
    Shot("undo", ("take", "undo")),
    Shot("tour", ("tour",)),
    Shot("tour-dialog", ("tour", *("key:ctrl+n",) * 4, "acknowledge")),
    Shot("empty-desk", (), empty=True),
    Shot("reduced", ("down",), (60, 20)),
    Shot("reduced-ticket", ("down", "open"), (60, 20)),
    Shot("reduced-severity", ("down", "severity"), (60, 20)),
    Shot("reduced-notices", ("owed:",), (60, 20)),
    Shot("reduced-customer", ("customers", "key:pagedown"), (60, 20)),
    Shot("reduced-record", ("customers", "key:/", "type:l-5", "key:enter", "key:enter"), (60, 20)),
    Shot("reduced-products", ("products",), (60, 20)),
    Shot("reduced-who-pays", ("down", "why"), (60, 20)),
    Shot("reduced-known-error", ("known-errors",), (60, 20)),
    Shot("reduced-renewals", ("renewals",), (60, 20), policy="xnet"),
    Shot("reduced-header", ("header:",), (60, 20)),
    Shot("watch-silent", ("header:",)),
    Shot("inbox", ("inbox",)),
    Shot("inbox-item", ("inbox", "open")),
    Shot("inbox-block", ("inbox", "key:B")),
    Shot("inbox-attach", ("inbox", "key:t", "type:21")),
    Shot("inbox-empty", ("inbox",), empty=True),
    Shot("inbox-much", ("came:", "inbox")),
    Shot("inbox-much-below", ("came:", "inbox", "key:pagedown")),
    Shot("inbox-much-item", ("came:", "inbox", "open")),
    Shot("inbox-much-end", ("came:", "inbox", "key:x", "key:G", "open")),
    Shot("inbox-waits", ("came:",)),
    Shot("files", ("came:", "files")),
    Shot("files-read", ("came:", "files", "open")),
    Shot("files-none", ("files",)),
    Shot("files-save", ("came:", "files", "key:s")),
    Shot("files-away", ("came:", "files", "key:x")),
    Shot("ticket-mail", ("came:", "open")),
    Shot("ticket-mail-below", ("came:", "open", "page-down")),
    Shot("reply-mail", ("came:", "reply", "type:We have your dump and are reading it.")),
    Shot("people", ("came:", "people")),
    Shot("call", ("call", "type:They see it again since six.")),
    Shot("status-answer", ("answer",)),
    Shot("report-call", ("report", "type:down", "key:enter", "type:1", "key:enter", *("key:tab",) * 12)),
    Shot("reduced-inbox", ("came:", "inbox"), (60, 20)),
    Shot("reduced-inbox-item", ("came:", "inbox", "open"), (60, 20)),
    Shot("reduced-inbox-empty", ("inbox",), (60, 20), empty=True),
    Shot("reduced-files", ("came:", "files"), (60, 20)),
    Shot("reduced-files-read", ("came:", "files", "open"), (60, 20)),
    Shot("reduced-ticket-mail", ("came:", "open"), (60, 20)),
    Shot("reduced-reply-mail", ("came:", "reply"), (60, 20)),
    Shot("reduced-people", ("came:", "people"), (60, 20)),
    Shot("reduced-call", ("call",), (60, 20)),
    Shot("reduced-status-answer", ("answer",), (60, 20)),
    Shot("too-small", (), (50, 12)),
)  # fmt: skip


def known(shot: Shot) -> bool:
    """Whether the program has every verb that the shot presses."""
    return all(press in BY_ID for press in shot.presses if ":" not in press)


async def changed(desk: Console) -> None:
    """A colleague is faster with the ticket under the cursor."""
    change.set_severity(desk.colleague("raj"), int(desk.queue.cursor), 4)


async def paged(desk: Console) -> None:
    """The output of a command of one's own."""
    from supporttui.console.dialogs.output import Output

    text = [
        f"{line:>3}  2026-11-20T14:{line % 60:02}:00Z  netex[218]: session {line} restarted"
        for line in range(120)
    ]
    desk.app.push_screen(desk.app.dialog(Output).prepare("netex log (218)", text))
    await desk.settled()


async def troubled(desk: Console) -> None:
    """The top line with everything that it can have to tell."""
    until = AT + timedelta(hours=3)
    desk.app.shift.sets(
        watcher=False, silent_since=AT - timedelta(minutes=7), undelivered=3,
        on_call=(("raj", until), ("mei", until)), silenced=(("Acme Corp", until),),
    )  # fmt: skip
    desk.app.triage.paint_bars("header")
    await desk.settled()


async def owed(desk: Console) -> None:
    """The page of notices with something of every kind."""
    from supporttui.console.screens.notices import NoticesScreen

    minutes, until = [AT - timedelta(minutes=at) for at in range(60)], AT + timedelta(hours=6)

    def one(number: int, severity: int, person: str, label: str, **more: Any) -> Notice:
        data = {"due_at": minutes[9], "made_at": minutes[9], "kind": "escalation", "role": "director", **more}
        address = "mail:" + person.split()[0].lower() + "@netex.example"
        return Notice(
            id=number, key=str(number), ticket=218 + number, severity=severity, address=address,
            person=person, label=label, **data,
        )  # fmt: skip

    def turn(rotation: str, person: str, note: str = "") -> Turn:
        return Turn(rotation=rotation, person=person, start=minutes[50], end=until, note=note)

    director, president = "Director of Customer Services", "President and General Manager"
    refused = "the mail server refused it: 550 5.1.1 no such user"
    late = "the host can't be reached"
    screen = desk.app.dialog(NoticesScreen).prepare(
        Told(
            AT,
            Health("night-watch", minutes[7], None, minutes[9], 2, 1),
            (one(1, 1, "Raj Patel", director, next_at=AT + timedelta(minutes=2), attempts=3, error=late),
             one(2, 2, "Mei Lin", president, next_at=until, doubtful=True)),
            (one(3, 1, "Tomas Berg", president, state="dead", error=refused),),
            (one(4, 1, "Ana Ortiz", director, state="sent", sent_at=minutes[30]),),
            (turn("first line", "raj"), turn("managers", "", "nobody in the rotation")),
            (),
            (DeskEvent(id=1, at=minutes[20], actor="mei", kind="test", text="notices held for Acme Corp until 18:00: new tape library"),),
        )
    )  # fmt: skip
    desk.app.push_screen(screen)
    await desk.settled()


async def came(desk: Console) -> None:
    """Mails, files and people for the ticket under the cursor, and an item of every kind in the inbox: long and wide words."""
    number, door = int(desk.queue.cursor), desk.colleague("mail")
    wide, long = "接続が切れます 🚨 トンネルが落ちる", "a subject that goes on and on " * 8
    files = blobs_of(door)

    def heads(inner: Desk) -> None:
        inner._letterhead = Letterhead(sender="support@vendor.example")

    await desk.app.link.run(heads)
    for at, name in enumerate(
        ("trace.log", f"{wide}.log", "core." + "very-long-name-" * 9 + "dmp", "読んでください.txt")
    ):
        words = f"10:0{at} {wide}\n10:1{at} \x1b[31msession restarted\t{long}\n".encode()
        attachments.add(
            door, number, files.put_bytes(words * (900 * at + 1)), name, blobs=files, source="upload", place="acme"
        )  # fmt: skip
    for who in (
        "pat@acme.example",
        "a.very.long.name.indeed@subsidiary.of.acme.example",
        "third@acme.example",
    ):
        participants.add(door, number, who)
    mail_comes(door, "mallory@elsewhere.example", long, f"{wide}\n{long}", name=wide, about=number)
    mail_comes(door, "ops@nobody.example", wide, f"Severity: 1\n\n{wide} {long}", name="山田 太郎")
    mail_comes(door, "joe@subsidiary.acme.example", f"Re: [{number}] {wide}", long)
    for at in range(30):
        mail_comes(
            door, f"seller{at}.with.a.long.name@bulk{at}.example", f"{wide} {at}" if at % 2 else long, long
        )
    file_comes(door, "core." + "very-long-name-" * 9 + "dmp", b"x" * 90_000, place="acme")
    file_comes(door, f"{wide}.bin", b"x", place="グローバル")
    write.reply(desk.colleague("raj"), number, f"We read it. {wide}")
    await desk.passes(seconds=10)
    await desk.beat()


async def odd_mail(desk: Console) -> None:
    """An odd quarter of an hour: a Severity 1 by mail, a mail that names a ticket, one of a stranger."""
    door = desk.colleague("mail")
    down = "Severity: 1\n\nNothing runs since the power came back. Please call."
    mail_comes(door, "j.ortiz@acme.example", "All transfers stand still", down, name="J. Ortiz", vouched=True)
    mail_comes(
        door, "night.shift@globex.example", "Re: [281] Tunnel drops", "The tunnel dropped again at 14:40."
    )
    mail_comes(door, "sales@bulk.example", "5,000 new leads", "Dear Sir or Madam, act now.")
    await desk.passes(seconds=10)


STAGED = {
    "change": changed,
    "pager": paged,
    "header": troubled,
    "owed": owed,
    "came": came,
    "odd-mail": odd_mail,
}


@asynccontextmanager
async def at(shot: Shot, size: tuple[int, int], theme: str) -> AsyncIterator[Console]:
    """A console that shows the shot."""
    with tempfile.TemporaryDirectory() as folder:
        set_up = nothing if shot.empty else SAMPLES[shot.policy]
        driver.POLICY = load(shot.policy)
        scenario = Scenario(name="gallery", story="", start=AT, set_up=set_up)
        async with at_console(
            Path(folder), scenario=scenario, size=size, theme=theme, kind=GuidedApp
        ) as desk:
            await desk.pilot.resize_terminal(*size)
            for press in shot.presses:
                kind, _, words = press.partition(":")
                if kind == "type":
                    await desk.type(words)
                elif kind == "key":
                    await desk.press(words)
                elif kind in STAGED:
                    await STAGED[kind](desk)
                else:
                    await desk.verb(press)
            await desk.pilot.pause(SUGGESTED)
            await desk.settled()
            yield desk


def sample(desk: Desk) -> None:
    """The sample desk as of the fixed instant."""
    build_demo(Desk(desk.store, "netex", desk.clock, "ana"))


def sample_of_packages(desk: Desk) -> None:
    """The same where packages are sold."""
    build_demo(Desk(desk.store, "xnet", desk.clock, "ana"))


SAMPLES = {"netex": sample, "xnet": sample_of_packages}


def nothing(_desk: Desk) -> None:
    """A desk to which nothing was reported."""


def screen_of(desk: Console) -> pyte.Screen:
    """The console's screen as a terminal would have it."""
    from tests.wire.driver import Screen

    width, height = desk.app.size
    rich = Rich(color_system="truecolor", force_terminal=True, width=width, legacy_windows=False)
    screen = Screen(width, height)
    stream = pyte.Stream(screen)
    for row, strip in enumerate(desk.app.screen._compositor.render_strips()):
        stream.feed(f"\x1b[{row + 1};1H" + strip.render(rich))
    screen.cursor.hidden = True
    return screen


def paint(desk: Console, theme: str) -> Any:
    """The console's screen as an image."""
    from tests.look.render import Painter

    light = theme in load_themes().by_name and not load_themes().by_name[theme].palette.dark
    return Painter("light" if light else "dark", 13).paint(screen_of(desk))


async def draw(
    folder: Path, shots: Sequence[Shot], themes: Sequence[str], sizes: Sequence[tuple[int, int]]
) -> None:
    """Every shot in every theme and size, and a sheet of all themes."""
    folder.mkdir(parents=True, exist_ok=True)
    for shot in shots:
        for size in (shot.size,) if shot.size else sizes:
            images = []
            for theme in themes:
                async with at(shot, size, theme) as desk:
                    images.append(paint(desk, theme))
                images[-1].save(folder / f"{shot.name}-{theme}-{size[0]}x{size[1]}.png")
            sheet(images).save(folder / f"{shot.name}-{size[0]}x{size[1]}.png")
            print(shot.name, size)


def sheet(images: Sequence[Any], across: int = 2) -> Any:
    """All images on one, a gap between them."""
    from PIL import Image

    width = max(image.width for image in images) + 8
    height = max(image.height for image in images) + 8
    down = -(-len(images) // across)
    whole = Image.new("RGB", (width * min(across, len(images)), height * down), "#808080")
    for place, image in enumerate(images):
        whole.paste(image, (place % across * width, place // across * height))
    return whole


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw every screen in every theme.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--screens", default="", help="names, with commas between; all by default")
    parser.add_argument("--themes", default=",".join(load_themes().by_name))
    parser.add_argument("--sizes", default=",".join(f"{width}x{height}" for width, height in SIZES))
    options = parser.parse_args()
    wanted = options.screens.split(",") if options.screens else [shot.name for shot in SHOTS]
    shots = [shot for shot in SHOTS if shot.name in wanted and known(shot)]
    for shot in SHOTS:
        if shot.name in wanted and not known(shot):
            print(f"{shot.name}: not there")
    sizes = [tuple(map(int, size.split("x"))) for size in options.sizes.split(",")]
    asyncio.run(draw(options.folder, shots, options.themes.split(","), sizes))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()

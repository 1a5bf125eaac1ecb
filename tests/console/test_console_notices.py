"""The page of notices: what waits, what was lost and why, what went out; try again, give up, go to the ticket."""

from __future__ import annotations

from supporttui.desk.session import Desk
from supporttui.policy.loading import preset_text, read_policy
from supporttui.store import notices
from supporttui.watch.tick import tick
from tests.console.driver import at_console, sev1


def fires(desk, subject: str = "down") -> int:
    """A Severity 1 whose director's rung fires by somebody else's clock; its notice is for b@v.example."""
    number = desk.arrives(sev1(subject))
    policy = read_policy(preset_text("netex").replace('reaches = ["desk"]', 'reaches = ["b@v.example"]'), "p")
    watcher = Desk(desk.colleague("watch").store, policy, desk.clock, "watch")
    desk.clock.advance(hours=8)
    tick(watcher)
    return number


def loses(desk, why: str) -> int:
    """The waiting notice becomes a dead letter; its id."""
    store = desk.colleague("watch").store
    (notice,) = notices.waiting(store)
    notices.failed(store, [notice.id], why, next_at=None)
    return notice.id


async def test_an_empty_outbox_says_that_nothing_waits(tmp_path):
    async with at_console(tmp_path, size=(80, 24)) as desk:
        await desk.press("N")
        desk.sees("nothing was lost", "nothing waits", "no watcher runs", "there is no roster")
        await desk.press("q")
        desk.sees_not("nothing waits")


async def test_what_waits_and_what_was_lost_is_listed_with_why(tmp_path):
    async with at_console(tmp_path, size=(120, 40)) as desk:
        number = fires(desk)
        await desk.press("N")
        desk.sees(f"{number} mail:b@v.example", "Director of Customer Services", "Waiting  1")
        await desk.press("q")
        loses(desk, "no such \x1b[31muser")
        await desk.press("N")
        desk.sees("Lost: nobody took them  1", "no such", "user")
        assert "\x1b" not in desk.screen


async def test_a_lost_notice_is_tried_again_from_the_page(tmp_path):
    async with at_console(tmp_path, size=(120, 40)) as desk:
        fires(desk)
        number = loses(desk, "no such user")
        await desk.press("N", "t")
        desk.said("put the cursor on a notice that was lost")
        await desk.press("j", "t")
        desk.said(f"notice {number} is tried again")
        desk.sees("Waiting  1", "Lost: nobody took them  0", f"ana: notice {number} is tried again")


async def test_a_notice_is_given_up_after_a_question(tmp_path):
    async with at_console(tmp_path, size=(120, 40)) as desk:
        fires(desk)
        number = loses(desk, "no such user")
        await desk.press("N", "j", "x")
        desk.sees(f"Give notice {number} up?")
        await desk.press("enter")
        desk.sees("Lost: nobody took them  1")
        await desk.press("x", "y")
        desk.said(f"notice {number} was given up")
        desk.sees("Lost: nobody took them  0")
        (gone,) = notices.of_ids(desk.colleague("x").store, [number])
        assert (gone.state, gone.error) == ("withdrawn", "by ana")


async def test_enter_goes_to_the_ticket(tmp_path):
    async with at_console(tmp_path, size=(120, 40)) as desk:
        number = fires(desk, "the mainframe sleeps")
        loses(desk, "no such user")
        await desk.press("N", "j", "enter")
        desk.sees(f"Ticket {number}", "the mainframe sleeps")

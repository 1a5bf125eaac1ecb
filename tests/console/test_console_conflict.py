"""Two change one ticket: the later one sees what the other did and chooses, and nothing is overwritten unseen."""

from __future__ import annotations

import pytest

from supporttui.console.work import Job, Target
from supporttui.desk import attention, change, write
from supporttui.store.records import Ticket
from tests.console.driver import Console

NUMBER = 3  # "HyperIP tunnel drops", severity 3, raj's


@pytest.fixture
async def at_three(desk: Console) -> Console:
    await desk.queue.goes_to(NUMBER)
    return desk


async def test_the_same_field_is_shown_three_times_and_left_alone_by_default(at_three: Console) -> None:
    desk = at_three
    await desk.press("x")
    change.set_severity(desk.colleague("raj"), NUMBER, 1)
    await desk.press("2")
    desk.sees("as you saw it", "now", "yours", "severity", "raj, 14:46", "Write mine: severity 2")
    assert desk.ticket(NUMBER).severity == 1, "nothing is written before it is chosen"
    await desk.press("enter")
    assert desk.ticket(NUMBER).severity == 1
    desk.said("left as it is", "raj changed it")


async def test_mine_is_written_when_it_is_chosen(at_three: Console) -> None:
    desk = at_three
    await desk.press("x")
    change.set_severity(desk.colleague("raj"), NUMBER, 1)
    await desk.press("2", "m")
    assert desk.ticket(NUMBER).severity == 2
    desk.said("3: severity 2")
    await desk.press("u")
    assert desk.ticket(NUMBER).severity == 1, "one undo takes mine back"


async def test_who_is_overtaken_again_is_asked_again(at_three: Console) -> None:
    desk = at_three
    raj = desk.colleague("raj")
    await desk.press("x")
    change.set_severity(raj, NUMBER, 1)
    await desk.press("2")
    change.set_severity(raj, NUMBER, 4)
    await desk.press("m")
    desk.sees("Write mine: severity 2")
    assert desk.ticket(NUMBER).severity == 4
    await desk.press("m")
    assert desk.ticket(NUMBER).severity == 2


async def test_another_field_is_no_contradiction_but_still_asked(at_three: Console) -> None:
    desk = at_three
    await desk.press("x")
    change.set_owner(desk.colleague("raj"), NUMBER, "mei")
    await desk.press("2")
    desk.sees("Write mine too: severity 2", "owner raj → mei", "Leave it as it is now")
    await desk.press("escape")
    assert (desk.ticket(NUMBER).severity, desk.ticket(NUMBER).owner) == (3, "mei")


async def test_the_same_change_twice_is_no_question(at_three: Console) -> None:
    desk = at_three
    await desk.press("x")
    change.set_severity(desk.colleague("raj"), NUMBER, 2)
    await desk.press("2")
    desk.said("severity is so already", "raj changed it")


async def test_what_they_wrote_can_be_read(at_three: Console) -> None:
    desk = at_three
    await desk.press("x")
    write.reply(desk.colleague("raj"), NUMBER, "We found the cable.\nIt was loose.")
    await desk.press("2")
    desk.sees("reply to the customer", "We found the cable.", "It was loose.")
    await desk.press("escape")


async def test_a_move_that_the_workflow_no_longer_has_says_so(at_three: Console) -> None:
    desk = at_three
    await desk.press("s")
    change.set_status(desk.colleague("raj"), NUMBER, "resolved")
    await desk.press("down", "enter")
    desk.sees("can't go from resolved to", "Leave it as it is now")
    desk.sees_not("Write mine")
    await desk.press("enter")
    assert desk.ticket(NUMBER).status == "resolved"


async def test_an_acknowledgement_after_another_shows_both_times(at_three: Console) -> None:
    desk = at_three
    await desk.press("a")
    raj = desk.colleague("raj")
    attention.acknowledge(raj, NUMBER, raj.now().replace(hour=23))
    await desk.press("enter")
    desk.sees("next update by", "Write mine")
    await desk.press("m")
    assert desk.ticket(NUMBER).acknowledged_until.hour == 21


async def test_of_several_fields_each_is_chosen_by_itself(at_three: Console) -> None:
    desk = at_three
    seen = desk.ticket(NUMBER).version
    raj = desk.colleague("raj")
    change.set_fields(raj, NUMBER, {"contact": "Their Name", "release": "1.0"})
    mine = {"contact": "My Name", "release": "2.0", "site": "0417"}

    def act(job: Job) -> Ticket:
        return change.set_fields(job.desk, NUMBER, mine, seen=job.seen, batch=job.batch)

    work = desk.app.work
    desk.app.run_worker(work.tell("fields", (Target(NUMBER, seen),), act, said="3: changed"))
    await desk.settled()
    desk.sees("[now]", "contact: Their Name", "[yours] site: 0417", "Write 1 of 3 as you meant")
    await desk.press("down", "enter")  # my contact after all
    desk.sees("Write 2 of 3 as you meant", "[yours] contact: My Name")
    await desk.press("w")
    ticket = desk.ticket(NUMBER)
    assert (ticket.contact, ticket.release, ticket.site) == ("My Name", "1.0", "0417")
    desk.said("contact, site written")
    await desk.press("u")
    assert desk.ticket(NUMBER).contact == "Their Name" and desk.ticket(NUMBER).site == ""


async def test_hostile_values_are_inert(at_three: Console) -> None:
    desk = at_three
    await desk.press("O")
    change.set_owner(desk.colleague("raj\x1b]0;x\x07"), NUMBER, "[@click=quit]\u202emei")
    await desk.type("bo")
    await desk.press("enter")
    desk.sees("Write mine: owner bo")
    assert not {"\x1b", "\x07", "\u202e"} & set(desk.screen)
    await desk.press("escape")

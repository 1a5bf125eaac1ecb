"""Every verb by its key, as an analyst uses it, at 80x24 and at 120x40."""

from __future__ import annotations

from datetime import timedelta

from supporttui.desk import change, close, write
from tests.console.driver import START, Console, sev1, ticket


async def test_the_first_frame_shows_the_most_urgent_ticket_under_the_cursor(desk: Console):
    desk.queue.shows("NETEX crashes", "transfers restart", "HyperIP tunnel", "wrong byte count")
    desk.queue.cursor_on(4)
    desk.timers.shows("4 Director of Customer Services".split()[0])
    assert "NetEx" in desk.header and "OPEN until 17:00" in desk.header and "14:46" in desk.header
    desk.sees("Open (4)", "1 of 4")


async def test_moving_by_letters_arrows_and_ends(desk: Console):
    await desk.press("j", "down")
    desk.queue.cursor_on(3)
    await desk.press("k", "up")
    desk.queue.cursor_on(4)
    await desk.press("G")
    desk.queue.cursor_on(1)
    await desk.press("g")
    desk.queue.cursor_on(4)


async def test_enter_opens_the_ticket_over_the_whole_screen_and_q_goes_back(desk: Console):
    await desk.press("enter")
    desk.sees(
        "NETEX crashes z/OS when starting", "1 System down", "Acme Corp", "Director of Customer Services"
    )
    desk.sees_not("Escalation timers")
    await desk.press("q")
    desk.sees("Escalation timers")
    desk.queue.cursor_on(4)


async def test_severity(desk: Console):
    await desk.press("x")
    desk.sees("Severity of 4: NETEX crashes", "System highly impacted")
    await desk.press("2")
    assert desk.ticket(4).severity == 2
    desk.said("4: severity 2")
    desk.queue.cursor_on(4)


async def test_a_severity_dialog_that_is_left_changes_nothing(desk: Console):
    await desk.press("x", "escape")
    assert desk.ticket(4).severity == 1
    assert desk.ticket(4).version == 1


async def test_status_offers_the_moves_that_the_policy_allows(desk: Console):
    await desk.press("s")
    desk.sees("open", "waiting-customer")
    await desk.press("1")
    assert desk.ticket(4).status in POLICY_MOVES


POLICY_MOVES = ("open", "waiting-customer", "waiting-vendor", "resolved", "closed")


async def test_taking_and_assigning(desk: Console):
    await desk.press("o")
    assert desk.ticket(4).owner == "ana"
    await desk.press("o")
    desk.said("yours already")
    await desk.press("O")
    await desk.type("raj")
    await desk.press("enter")
    assert desk.ticket(4).owner == "raj"


async def test_a_note_is_internal(desk: Console):
    await desk.press("i")
    desk.sees("Note on 4: NETEX crashes", "never sees this")
    await desk.type("S0C4 in the subtask; closed by q?")
    await desk.press("tab", "enter")
    entry = desk.journal(4)[0]
    assert (entry.kind, entry.text, entry.public) == ("note", "S0C4 in the subtask; closed by q?", False)
    await desk.press("enter")
    desk.sees("note (internal)", "S0C4 in the subtask")


async def test_a_reply_is_public_and_may_wait_for_the_customer(desk: Console):
    await desk.press("r")
    desk.sees("PUBLIC: the customer reads this")
    await desk.type("We are reading your dump.")
    await desk.press("tab", "right", "enter")
    found = desk.ticket(4)
    assert found.status == "waiting-customer"
    assert [entry.public for entry in desk.journal(4) if entry.kind == "reply"] == [True]


async def test_a_note_that_is_left_is_kept_as_a_draft_and_gone_on_with(desk: Console):
    await desk.press("i")
    await desk.type("half a thought")
    await desk.press("escape")
    desk.said("4: note kept as a draft")
    assert [entry.kind for entry in desk.journal(4)] == ["reported"]
    await desk.press("i")
    desk.sees("half a thought")
    await desk.press("tab", "enter")
    assert desk.journal(4)[0].text == "half a thought"
    assert desk.app.drafts == {}


async def test_an_empty_note_is_refused_in_the_dialog(desk: Console):
    await desk.press("i", "tab", "enter")
    desk.sees("Note on 4", "note")
    assert len(desk.journal(4)) == 1
    await desk.press("escape", "escape")


async def test_acknowledge_asks_by_when_the_next_update_comes(desk: Console):
    await desk.press("a")
    desk.sees("next update by when?", "in 1h")
    await desk.press("enter")
    assert desk.ticket(4).acknowledged_until == START + timedelta(hours=1)
    desk.said("acknowledged, next update by", "15:46")


async def test_an_acknowledgement_for_the_past_is_refused_where_it_is_typed(desk: Console):
    await desk.press("a", "ctrl+u")
    await desk.type("9:00")
    await desk.press("enter")
    desk.sees("over already")
    await desk.press("ctrl+u")
    await desk.type("nonsense")
    await desk.press("enter")
    desk.sees("is not a time")
    await desk.press("escape")
    assert desk.ticket(4).acknowledged_until is None


async def test_escalating_by_hand_asks_first_with_the_safe_answer_in_front(desk: Console):
    await desk.press("E", "enter")
    assert not any(entry.kind == "escalated" for entry in desk.journal(4))
    await desk.press("E", "y")
    assert desk.journal(4)[0].kind == "escalated"
    await desk.beat()
    said = [notice.text for notice in desk.app.shift.said if "escalated" in notice.text]
    assert said == ["4: escalated to Director of Customer Services"]


async def test_resolve_keeps_the_row_dimmed_in_its_place_until_refresh(desk: Console):
    await desk.press("j", "c", "r")
    assert desk.ticket(2).status == "resolved"
    assert desk.queue.numbers() == [4, 2, 3, 1]
    desk.queue.cursor_on(2)
    assert "resolved" in desk.queue.line_of("transfers restart")
    await desk.press("R")
    assert desk.queue.numbers() == [4, 3, 1]
    desk.queue.cursor_on(3)


async def test_resolve_with_a_text_for_the_customer(desk: Console):
    await desk.press("c", "t")
    await desk.type("Fixed by APAR 88.")
    await desk.press("tab", "enter")
    assert desk.ticket(4).status == "resolved"
    assert any(entry.public and entry.text == "Fixed by APAR 88." for entry in desk.journal(4))


async def test_reopen(desk: Console):
    close.close(desk.colleague(), 4)
    await desk.beat()
    await desk.press("#")
    await desk.type("4")
    await desk.press("enter")
    desk.sees("Ticket 4", "closed")
    await desk.press("c", "o")
    assert desk.ticket(4).status == "open"


async def test_tags_are_added_and_removed(desk: Console):
    await desk.press("t")
    await desk.type("urgent zos")
    await desk.press("enter", "t")
    await desk.type("-zos")
    await desk.press("enter")
    assert desk.ticket(4).tags == ("urgent",)


async def test_undo_and_redo(desk: Console):
    await desk.press("o", "u")
    assert desk.ticket(4).owner == ""
    desk.said("undone", "ticket 4")
    await desk.press("U")
    assert desk.ticket(4).owner == "ana"


async def test_undo_says_why_it_cant(desk: Console):
    await desk.press("u")
    desk.said("nothing of yours to undo")


async def test_a_report_by_the_form(desk: Console):
    await desk.press("n")
    desk.sees("Report a problem", "0 of 10 asked for")
    await desk.type("BFX job waits for tape")
    await desk.press("tab")
    await desk.type("2")
    await desk.press("tab", "tab")  # the first takes "2 System highly impacted", which is offered
    await desk.type("Hooli")
    for _ in range(15):
        await desk.press("tab")
    await desk.type("It has waited since noon.")
    await desk.press("tab", "enter")
    desk.sees("5 reported")
    found = desk.ticket(5)
    assert (found.subject, found.severity, found.customer) == ("BFX job waits for tape", 2, "Hooli")
    assert found.description == "It has waited since noon."
    desk.said("5 reported")
    desk.queue.shows("BFX job waits")
    desk.queue.cursor_on(4)


async def test_a_report_without_a_subject_or_with_a_wrong_severity_stays_in_the_form(desk: Console):
    await desk.press("n", "shift+tab")
    assert desk.app.screen.focused is not None
    await desk.press("enter")
    desk.sees("Report a problem")
    await desk.press("escape")
    await desk.press("n")
    await desk.type("x")
    await desk.press("tab")
    await desk.type("9")
    await desk.press("shift+tab", "shift+tab", "enter")
    desk.sees("Report a problem")
    assert len(desk.queue.numbers()) == 4
    await desk.press("escape")


async def test_a_report_that_is_left_is_kept(desk: Console):
    await desk.press("n")
    await desk.type("half a report")
    await desk.press("escape", "n")
    desk.sees("half a report")


async def test_find_narrows_while_one_types_and_escape_shows_all_again(desk: Console):
    await desk.press("/")
    await desk.type("tunnel")
    assert desk.queue.numbers() == [3]
    await desk.press("enter")
    desk.sees("/tunnel")
    await desk.press("escape")
    assert len(desk.queue.numbers()) == 4


async def test_a_query_shows_what_it_finds_and_points_at_the_column_of_a_mistake(desk: Console):
    await desk.press("f", "ctrl+u")
    await desk.type("sevv:1")
    await desk.press("enter")
    lines = desk.screen.split("\n")
    at = next(row for row, line in enumerate(lines) if " f sevv:1" in line)
    assert lines[at + 1].index("^") == lines[at].index("sevv")
    await desk.press("ctrl+u")
    await desk.type("sev:1,2")
    await desk.press("enter")
    assert desk.queue.numbers() == [4, 2]
    await desk.press("q")
    assert len(desk.queue.numbers()) == 4


async def test_going_to_a_number(desk: Console):
    await desk.press("#")
    await desk.type("3")
    await desk.press("enter")
    desk.queue.cursor_on(3)
    await desk.press("#")
    await desk.type("99")
    await desk.press("enter")
    desk.sees("no ticket 99")
    await desk.press("escape")


async def test_keys_page_filters_and_runs(desk: Console):
    await desk.press("?")
    desk.sees("type to filter", "one row down")
    await desk.type("zzz")
    desk.sees("nothing has these words")
    await desk.press("ctrl+u")
    desk.sees_not("nothing has these words")
    await desk.type("set the sev")
    desk.sees_not("one row down")
    await desk.press("enter")
    desk.sees("Severity of 4")
    await desk.press("escape")


async def test_a_key_that_is_typed_on_the_page_of_keys_finds_its_verb(desk: Console):
    await desk.press("?")
    await desk.type("x")
    await desk.press("enter")
    desk.sees("Severity of 4")
    await desk.press("escape")


async def test_the_command_line_runs_a_verb_by_name(desk: Console):
    await desk.press(":")
    await desk.type("sever")
    await desk.press("enter")
    desk.sees("Severity of 4")
    await desk.press("escape", ":")
    await desk.type("nosuch")
    await desk.press("enter")
    desk.sees("no verb")
    await desk.press("escape")


async def test_views_by_brackets(desk: Console):
    await desk.press("]", "]")
    assert desk.queue.numbers() == [4]
    desk.sees("[Severity 1 (1)]")
    await desk.press("[", "[")
    assert len(desk.queue.numbers()) == 4


async def test_an_empty_view_says_what_it_would_show_and_which_keys_help(desk: Console):
    await desk.press("]")
    desk.sees("Overdue: no ticket.", "report a problem", "all keys")


async def test_panes_by_tab_and_by_number(desk: Console):
    await desk.press("tab")
    assert desk.app.triage.active == "timers"
    await desk.press("j", "1")
    assert desk.app.triage.active == "queue"
    await desk.press("3")
    assert desk.app.triage.active == "detail"
    await desk.press("2")
    assert desk.app.triage.active == "timers"


async def test_zoom_and_back(desk: Console):
    await desk.press("z")
    desk.sees_not("Escalation timers")
    await desk.press("z")
    desk.sees("Escalation timers")


async def test_messages_keep_what_was_said(desk: Console):
    await desk.press("o", "j", "o", "m")
    desk.sees("Messages", "4: owner ana", "2: owner ana")
    await desk.press("q")


async def test_a_verb_on_marked_tickets_acts_on_all_and_one_undo_takes_it_back(desk: Console):
    await desk.press("space", "space")
    desk.sees("2 marked")
    await desk.press("o")
    desk.sees("Owner ana: 2 tickets: 2, 4")
    await desk.press("enter")
    assert [desk.ticket(number).owner for number in (4, 2)] == ["", ""]
    await desk.press("o", "y")
    assert [desk.ticket(number).owner for number in (4, 2)] == ["ana", "ana"]
    await desk.press("u")
    assert [desk.ticket(number).owner for number in (4, 2)] == ["", ""]
    await desk.press("V")
    desk.sees_not("marked")


async def test_a_range_marks_all_between(desk: Console):
    await desk.press("v", "j", "j", "v")
    desk.sees("3 marked")


async def test_a_verb_on_a_timer_acts_on_its_ticket(desk: Console):
    await desk.press("2", "j")
    number = desk.timers.cursor[0]
    await desk.press("o")
    assert desk.ticket(number).owner == "ana"


async def test_quit_leaves(desk: Console):
    await desk.press("q")
    assert desk.app.return_code == 0


async def test_escape_never_leaves(desk: Console):
    await desk.press("escape", "escape")
    assert desk.app.return_code is None
    desk.queue.shows("NETEX crashes")


async def test_a_conflict_says_what_changed_and_by_whom_and_a_second_send_writes(desk: Console):
    await desk.press("r")
    await desk.type("Please send the dump.")
    change.set_status(desk.colleague("raj"), 4, "open")
    await desk.press("tab", "enter")
    desk.sees("raj set status to open")
    assert not any(entry.kind == "reply" for entry in desk.journal(4))
    await desk.press("enter")
    assert desk.journal(4)[0].text == "Please send the dump."


async def test_a_choice_on_a_stale_screen_is_refused_with_what_changed(desk: Console):
    await desk.press("x")
    change.set_severity(desk.colleague("raj"), 4, 3)
    await desk.press("2")
    desk.sees("changed while you looked", "raj")
    await desk.press("enter")
    assert desk.ticket(4).severity == 3


async def test_an_open_dialog_keeps_its_ticket_when_the_cursor_has_to_move(desk: Console):
    await desk.press("i")
    await desk.type("for ticket four")
    other = desk.colleague("raj")
    write.note(other, 4, "me too")
    close.close(other, 4)
    await desk.beat()
    await desk.press("tab", "enter")
    if not any(entry.text == "for ticket four" for entry in desk.journal(4)):
        await desk.press("enter")
    assert any(entry.text == "for ticket four" for entry in desk.journal(4))
    assert not any(entry.text == "for ticket four" for entry in desk.journal(2))


async def test_a_new_ticket_is_announced_and_a_severity_1_rings(desk: Console, monkeypatch):
    sent: list[str] = []
    monkeypatch.setattr(desk.app.alarm, "_write", sent.append)
    desk.arrives(ticket("a question", severity=4))
    await desk.beat()
    desk.said("1 new")
    assert "\a" not in "".join(sent)
    desk.arrives(sev1("all systems down"))
    await desk.beat()
    desk.said("1 new, 1 Sev 1: 6")
    assert "\a" in "".join(sent)
    desk.queue.cursor_on(4)

"""The Problem Report Form: what it asks, what it takes, and what becomes of a report."""

from __future__ import annotations

import pytest

from supporttui.desk import attachments, inbox
from supporttui.store import book, journal, notices, tickets

from .conftest import REPORT, kept_in, token_in, visiting, web_desk, words_of


def ticket(web, number=1):
    return web.desk(lambda desk: tickets.get(desk.store, number))


def count(web):
    return web.desk(lambda desk: desk.store.execute("SELECT count(*) FROM ticket")[0][0])


def items(web):
    return web.desk(lambda desk: book.select(desk.store, "intake-item"))


async def test_the_form_asks_what_the_policy_requires(browser):
    page = (await browser.get("/")).text
    for name in (
        "customer",
        "contact",
        "contact_phone",
        "contact_email",
        "product",
        "release",
        "os",
        "os_release",
        "site",
    ):
        assert f'<label for="{name}">' in page and f'name="{name}"' in page
    assert page.count('type="radio" name="severity"') == 4
    assert "Not completely down, but the operation is severely impacted." in page
    assert "<script" not in page and "style=" not in page and "onclick" not in page


XNET = {"release": "", "os": "", "os_release": "", "contact_phone": "", "severity": ""}


async def test_the_form_of_a_policy_that_asks_for_less(clock, tmp_path):
    """X NET requires customer, contact, product and description, and would like telephone, e-mail and release."""
    with web_desk(clock, tmp_path, policy="xnet") as web:
        async with visiting(web) as browser:
            page = (await browser.get("/")).text
            asked = [name for name in (*REPORT, "site", "plan") if f'name="{name}"' in page]
            assert asked == [
                "customer", "contact", "contact_email", "contact_phone", "product", "release", "severity", "subject", "description",
            ]  # fmt: skip
            assert page.count('type="radio" name="severity"') == 3 and "019-989 7509" in page
            answer = await browser.follow(await browser.report(**XNET))
            made = ticket(web)
            assert "Your report has the number 1" in words_of(answer.text)
            assert (made.severity, made.customer, made.contact) == (2, "Globex", "Ann Lee")
            said = await browser.report(**{**XNET, "product": ""})
            assert said.status_code == 422 and "Enter the product that it is about" in said.text


async def test_a_report_becomes_a_ticket_with_a_number(web, browser):
    answer = await browser.follow(await browser.report())
    said = words_of(answer.text)
    made = ticket(web)
    assert "Your report has the number 1" in said and "Reference 1-" in said
    assert (made.customer, made.contact_email, made.severity, made.channel) == (
        "Globex",
        "ann@globex.example",
        2,
        "web",
    )
    assert made.description == "They stop.\nEvery day."
    assert (made.product, made.release, made.os, made.os_release) == ("NETEX", "7.1", "z/OS", "2.5")


async def test_a_report_is_acknowledged_by_mail(web, browser):
    await browser.report()
    letter = web.desk(lambda desk: notices.of_ticket(desk.store, 1))
    assert [one.address for one in letter if one.address.startswith("letter:")] == [
        "letter:ann@globex.example"
    ]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("customer", "", "Enter the name of your company"),
        ("contact_email", "ann at globex", "Enter an e-mail address such as ann@example.com"),
        ("contact_email", "a@b.example\nBcc: x@y.example", "Enter an e-mail address"),
        ("contact_email", "ann@localhost", "Enter an e-mail address"),
        ("contact_email", "ann\x01@globex.example", "Enter an e-mail address"),
        ("contact_email", "ann@globex.example, ben@globex.example", "Enter an e-mail address"),
        ("contact_phone", "soon", "Enter a telephone number"),
        ("severity", "", "Choose how severe the problem is"),
        ("severity", "9", "Choose how severe the problem is"),
        ("subject", "  ", "Say in a few words what is wrong"),
        ("subject", "x" * 201, "The problem in one line has 201 characters; 200 fit: shorten it"),
        ("description", "\n\n", "Describe the problem"),
        ("environment", "moon", "Choose the environment"),
    ],
)
async def test_what_is_wrong_is_said_where_it_is_wrong(web, browser, name, value, says):
    answer = await browser.report(**{name: value})
    assert answer.status_code == 422
    assert "<title>Error: Problem Report Form" in answer.text
    assert f'<a href="#{name}">' in answer.text and f'id="{name}"' in answer.text
    assert says in words_of(answer.text)
    assert f'id="{name}-fault"' in answer.text
    assert count(web) == 0


async def test_nothing_that_was_typed_is_lost(browser):
    answer = await browser.report(customer="", description='<b>"quoted" & more</b>\n  indented')
    assert "&lt;b&gt;&#34;quoted&#34; &amp; more&lt;/b&gt;\n  indented</textarea>" in answer.text
    assert 'value="Transfers stop at noon"' in answer.text
    assert 'value="2" checked' in answer.text


async def test_hostile_text_stays_text(web, browser):
    evil = "</textarea><script>alert(1)</script>{{ 7*7 }}\x1b]52;c;eA==\x07"
    answer = await browser.report(customer="", description=evil, subject='"><img src=x onerror=alert(1)>')
    assert "<script" not in answer.text and "<img" not in answer.text and "49" not in words_of(answer.text)
    done = await browser.report(
        description=evil, contact="Ann\x00\ud83d Lee".encode("utf-8", "replace").decode()
    )
    assert done.status_code == 303
    assert "<script>" in ticket(web).description


async def test_the_same_report_sent_twice_is_one_ticket(web, browser):
    token = await browser.token()
    first = await browser.report(token=token)
    again = await browser.report(token=token)
    assert (
        words_of((await browser.follow(first)).text).split("What happens")[0]
        == words_of((await browser.follow(again)).text).split("What happens")[0]
    )
    assert count(web) == 1


async def test_a_second_problem_from_the_same_page_is_a_second_ticket(web, browser):
    token = await browser.token()
    await browser.report(token=token)
    await browser.report(token=token, subject="Another thing")
    assert count(web) == 2


async def test_files_come_along(web, browser):
    await browser.report(
        files=[("../../etc/dump.txt", b"first line\n" * 9, "text/plain"), ("a.bin", b"\x00\x01", "")]
    )
    found = web.desk(lambda desk: attachments.listed(desk, 1))
    assert [(one.name, one.size, one.source) for one in found] == [
        ("dump.txt", 99, "web"),
        ("a.bin", 2, "web"),
    ]
    with web.site.blobs.open(found[0].hash) as file:
        assert file.read() == b"first line\n" * 9
    entries = web.desk(lambda desk: journal.of_ticket(desk.store, 1, kinds=["file"]))
    assert [one.data["name"] for one in entries] == ["dump.txt", "a.bin"]


async def test_files_need_not_be_chosen_again(web, browser):
    wrong = await browser.report(files=[("dump.txt", b"dump", "text/plain")], customer="")
    assert "Already here" in wrong.text and "dump.txt" in wrong.text
    assert not list(web.site.blobs.folder.glob("[0-9a-f][0-9a-f]/*"))  # not the store's before the report is
    await browser.report(
        token=token_in(wrong.text), kept=kept_in(wrong.text), files=[("log.txt", b"log", "")]
    )
    found = web.desk(lambda desk: attachments.listed(desk, 1))
    assert [one.name for one in found] == ["dump.txt", "log.txt"]


async def test_the_seal_of_a_file_is_of_one_form_only(web, browser):
    wrong = await browser.report(files=[("dump.txt", b"dump", "text/plain")], customer="")
    answer = await browser.report(kept=kept_in(wrong.text))
    assert answer.status_code == 422 and "choose it again" in words_of(answer.text)
    assert count(web) == 0


async def test_a_file_that_is_too_large_is_said_and_the_rest_stays(web, browser):
    answer = await browser.report(files=[("core.dump", b"x" * 1_000_001, ""), ("log.txt", b"log", "")])
    assert answer.status_code == 422
    assert "core.dump: not kept, the files of one report may have 1 MB together" in words_of(answer.text)
    assert "log.txt" in answer.text and count(web) == 0
    done = await browser.report(token=token_in(answer.text), kept=kept_in(answer.text))
    assert done.status_code == 303


async def test_a_full_disk_costs_a_file_and_not_the_report(web, browser, monkeypatch):
    from supporttui.errors import StoreError

    def full(*_args, **_named):
        raise StoreError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(web.site.report.stage.blobs, "put", full)
        answer = await browser.report(files=[("core", b"x", "")])
    assert answer.status_code == 422 and "core: could not be kept just now" in words_of(answer.text)
    assert (await browser.report(token=token_in(answer.text))).status_code == 303


async def test_where_too_much_waits_the_form_goes_on_without_files(web, browser):
    web.site.report.stage.most = 0
    answer = await browser.report(files=[("core", b"x", "")])
    assert answer.status_code == 422 and "No file can be taken at the moment" in words_of(answer.text)
    assert not list(web.site.report.stage.blobs.folder.glob("*/*"))
    assert (await browser.report(token=token_in(answer.text))).status_code == 303


async def test_a_body_beyond_all_limits_is_not_even_read(web, browser):
    answer = await browser.report(files=[("core.dump", b"x" * 11_000_000, "")])
    assert answer.status_code == 413 and "Nothing was kept" in words_of(answer.text)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=1", "application/x-www-form-urlencoded"),
        (b"nothing", "multipart/form-data; boundary=X"),
        (b"nothing", "multipart/form-data"),
        (
            b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nbroken off',
            "multipart/form-data; boundary=X",
        ),
        (b"--X\r\n" + b"A" * 9000 + b": b\r\n\r\n--X--", "multipart/form-data; boundary=X"),
        (
            b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 300 + b"--X--",
            "multipart/form-data; boundary=X",
        ),
    ],
)
async def test_what_is_no_form_gets_a_clear_page(web, browser, body, kind):
    answer = await browser.client.post("/", content=body, headers={"content-type": kind})
    assert answer.status_code == 400 and "could not be read" in words_of(answer.text)
    assert web.log == []


async def test_severity_1_says_to_call_and_waits_for_a_call(web, browser):
    form = words_of((await browser.get("/")).text)
    assert "Please call us as well: +1.763.694.4350" in form
    said = words_of((await browser.follow(await browser.report(severity="1"))).text)
    assert "Please call us now" in said and "+44.3300.271862" in said
    assert ("call", 1) in [(one.kind, one.ticket) for one in items(web)]


async def test_somebody_whom_the_book_does_not_have_waits_for_a_decision(web, browser):
    await browser.report()
    assert [(one.kind, one.sender) for one in items(web)] == [("unknown", "ann@globex.example")]
    assert web.desk(lambda desk: [one.called for one in inbox.board(desk).rows]) == [
        "the web report of ann@globex.example"
    ]
    assert ticket(web).tags == ("unverified",)


async def test_a_known_contact_needs_no_decision(web, browser):
    def put(desk):
        from supporttui.store import customers

        with desk.store.writing():
            customers.ensure(desk.store, "Globex")
            customers.add_contact(desk.store, "Globex", "Ann Lee", email="Ann@globex.example")

    web.desk(put)
    for number, typed in enumerate(("Ann@globex.example", "ann@globex.example", "ANN@Globex.example"), 1):
        await browser.report(contact_email=typed, customer="GLOBEX" if number == 3 else "Globex")
        assert items(web) == [] and ticket(web, number).tags == ()


async def test_a_blocked_sender_is_told_to_call(web, browser):
    from supporttui.desk import senders

    web.desk(lambda desk: senders.block(desk, "ann@globex.example", "noise"))
    answer = await browser.report()
    assert answer.status_code == 403 and "please call us" in words_of(answer.text)
    assert count(web) == 0


async def test_after_hours_the_page_says_whom_to_call(web, browser, clock):
    assert "The desk is closed" not in (await browser.get("/")).text
    clock.advance(hours=10)
    said = words_of((await browser.get("/")).text)
    assert "The desk is closed until Tue 17 Nov 2026 08:00 CST." in said
    assert "For system down call +1.651.229.5665" in said


# -- who sends -----------------------------------------------------------------------------------


async def test_a_form_of_nobody_is_not_taken(web, browser):
    answer = await browser.report(token="made-up")
    assert answer.status_code == 422 and "send it again" in words_of(answer.text)
    assert "Transfers stop at noon" in answer.text and count(web) == 0
    assert (await browser.report(token=token_in(answer.text))).status_code == 303


async def test_a_token_of_another_browser_is_worth_nothing(web, browser):
    token = await browser.token()
    async with visiting(web, "192.0.2.8") as other:
        await other.get("/")
        assert (await other.report(token=token)).status_code == 422
    assert count(web) == 0


async def test_a_page_that_lay_open_for_a_day_is_sent_once_more(web, browser, clock):
    token = await browser.token()
    clock.advance(hours=25)
    assert (await browser.report(token=token)).status_code == 422


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_another_site_can_send_no_report(web, browser, headers):
    answer = await browser.report(headers=headers, files=[("f", b"f", "")])
    assert answer.status_code == 422 and count(web) == 0
    assert not list(web.site.report.stage.blobs.folder.glob("*/*"))


async def test_the_trap_takes_no_report_and_loses_none(web, browser):
    answer = await browser.report(second_line="http://spam.example", files=[("f", b"f", "")])
    assert answer.status_code == 422 and count(web) == 0
    assert not list(web.site.report.stage.blobs.folder.glob("*/*"))
    assert (await browser.report(token=token_in(answer.text))).status_code == 303


async def test_too_many_reports_are_slowed_down_and_keep_their_text(web, browser):
    for n in range(web.settings.web.reports_an_hour):
        assert (await browser.report(subject=f"Problem {n}")).status_code == 303
    answer = await browser.report(subject="One too many")
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
    assert "One too many" in answer.text and "+1.763.694.4350" in answer.text
    async with visiting(web, "192.0.2.9") as other:
        assert (await other.report()).status_code == 303


async def test_a_store_that_fails_loses_no_text(web, browser, monkeypatch):
    from supporttui.errors import StoreBusy
    from supporttui.intake.web import entering

    def busy(*_args, **_named):
        raise StoreBusy("the store is busy")

    monkeypatch.setattr(entering, "enter", busy)
    answer = await browser.report()
    assert answer.status_code == 503 and "send it again in a minute" in words_of(answer.text)
    assert "Transfers stop at noon" in answer.text


async def test_a_fault_half_way_leaves_no_ticket_and_the_next_try_makes_one(web, browser, monkeypatch):
    from supporttui.errors import StoreError

    def full(*_args, **_named):
        raise StoreError("the disk is full")

    token = await browser.token()
    with monkeypatch.context() as broken:
        broken.setattr(attachments, "add", full)
        answer = await browser.report(token=token, files=[("dump.txt", b"dump", "")])
    assert answer.status_code == 503 and count(web) == 0 and items(web) == []
    done = await browser.report(token=token_in(answer.text), kept=kept_in(answer.text))
    assert done.status_code == 303 and count(web) == 1
    assert [one.name for one in web.desk(lambda desk: attachments.listed(desk, 1))] == ["dump.txt"]


async def test_without_mail_the_pages_promise_none(clock, tmp_path):
    with web_desk(clock, tmp_path, mails=False) as web:
        async with visiting(web) as browser:
            assert "e-mail that says" not in words_of((await browser.get("/")).text)
            assert "Call us and tell your number" in words_of((await browser.get("/status")).text)
            said = words_of((await browser.follow(await browser.report())).text)
            assert "Your report has the number 1" in said and "on its way" not in said


async def test_a_fault_of_ours_is_a_page_and_one_line_in_the_log(web, monkeypatch):
    from supporttui.intake.web import report_form

    def broken(*_args):
        raise RuntimeError("text of a stranger")

    monkeypatch.setattr(report_form.fields, "cleaned", broken)
    async with visiting(web) as browser:
        answer = await browser.report()
    assert answer.status_code == 500 and "broken on our side" in words_of(answer.text)
    assert answer.headers["x-frame-options"] == "DENY"
    assert (
        len(web.log) == 1
        and web.log[0].startswith("fault: RuntimeError at ")
        and "stranger" not in web.log[0]
    )


async def test_every_page_keeps_a_browser_from_running_anything(browser):
    for path in (
        "/",
        "/status",
        "/status/asked",
        "/status/1-x",
        "/received/x",
        "/nowhere",
        "/icon.svg",
        "/health",
    ):
        answer = await browser.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'") and "script" not in policy and "unsafe" not in policy
        assert (
            answer.headers["x-content-type-options"] == "nosniff"
            and answer.headers["x-frame-options"] == "DENY"
        )
    assert (await browser.get("/")).headers["cache-control"] == "no-store"


async def test_the_cookie_is_for_the_server_alone(browser):
    cookie = (await browser.get("/")).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie

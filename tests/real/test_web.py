"""The web desk as a process, seen by a real Chromium: with scripts and without, by keyboard, narrow and in the dark.

In CI a missing Chromium fails; elsewhere the tests are skipped and say so.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from supporttui.clock import SystemClock
from supporttui.desk import attachments, write
from supporttui.desk.session import Desk
from supporttui.store import notices, open_store, tickets
from tests.real.webdesk import CHROMEDRIVER, CHROMIUM, WebDesk, chromium, look, need, started, web_desk

pytest.importorskip("starlette")
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

ANSWERS = {
    "customer": "Globex", "contact": "Ann Lee", "contact_email": "ann@globex.example", "contact_phone": "+1 555 0100",
    "product": "NETEX", "release": "7.1", "os": "z/OS", "os_release": "2.5", "subject": "Transfers stop at noon",
    "description": "They stop.\nEvery day.",
}  # fmt: skip
DUMP = b"ABEND S0C4 at offset 1F\n" * 9_000  # over 200 kB
PROBE = "data:text/html,<title>off</title><script>document.title='on'</script>"


@pytest.fixture(scope="module")
def site() -> Iterator[WebDesk]:
    need(CHROMIUM, CHROMEDRIVER)
    with web_desk(settings='url = "http://desk.example"\nreports_an_hour = 1000') as running:
        yield running


@pytest.fixture(scope="module")
def browser(site: WebDesk) -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def plain(site: WebDesk) -> Iterator[Any]:
    with chromium(scripts=False) as running:
        running.get(PROBE)
        assert running.title == "off"  # so there are no scripts indeed
        yield running


def fill(browser: Any, **changes: str) -> None:
    for name, value in {**ANSWERS, **changes}.items():
        browser.find_element(By.ID, name).send_keys(value)


def send(browser: Any) -> None:
    """Press the button and wait for the page that comes."""
    before = browser.find_element(By.TAG_NAME, "html")
    browser.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
    arrived(browser, before)


def arrived(browser: Any, before: Any) -> None:
    wait = WebDriverWait(browser, 20, poll_frequency=0.02)
    wait.until(staleness_of(before))
    wait.until(lambda there: there.find_elements(By.CSS_SELECTOR, "aside"))  # the last thing on a page


def body(browser: Any) -> str:
    return str(browser.find_element(By.TAG_NAME, "body").text)


def number_in(browser: Any) -> int:
    return int(browser.find_element(By.TAG_NAME, "h1").text.rpartition(" ")[2])


@pytest.mark.parametrize("which", ["browser", "plain"])
def test_a_customer_reports_with_a_file_and_reads_the_status(site, which, request, tmp_path):
    """The whole way: form, a mistake, number, the secret link of the acknowledgement, the status."""
    browser = request.getfixturevalue(which)
    dump = tmp_path / "dump.txt"
    dump.write_bytes(DUMP)
    browser.get(site.url)
    fill(
        browser, customer="", contact_email=f"{which}@globex.example"
    )  # one acknowledgement an hour for each
    browser.find_element(By.CSS_SELECTOR, "label[for=severity-2]").click()
    browser.find_element(By.ID, "files").send_keys(str(dump))
    send(browser)
    assert browser.title.startswith("Error: ") and "Enter the name of your company" in body(browser)
    assert browser.find_element(By.ID, "description").get_attribute("value") == ANSWERS["description"]
    browser.find_element(By.ID, "customer").send_keys("Globex")
    send(browser)

    number = number_in(browser)
    with site.desk() as desk:
        made, files = tickets.get(desk.store, number), attachments.listed(desk, number)
        assert (made.customer, made.severity, made.description) == ("Globex", 2, ANSWERS["description"])
        assert [(one.name, one.size) for one in files] == [("dump.txt", len(DUMP))]
        kept = site.folder / "files" / files[0].hash[:2] / files[0].hash
        assert kept.read_bytes() == DUMP
        write.note(desk, number, "internal: their disk is full")
        write.reply(desk, number, "We have your dump <b>and</b> look into it.")
        letter = next(one for one in notices.of_ticket(desk.store, number) if "letter" in one.data)
    text = letter.data["letter"]["text"]
    link = next(word for word in text.split() if "/status/" in word)
    browser.get(site.url + urlsplit(link).path)
    said = body(browser)
    assert f"Problem {number}" in said and "We have your dump <b>and</b> look into it." in said
    assert "disk is full" not in said


def test_the_status_form_says_the_same_to_everybody(site, plain):
    seen = set()
    for reference in ("1-aaaaaaaaaaaaaaaa", "77"):
        plain.get(f"{site.url}/status")
        plain.find_element(By.ID, "reference").send_keys(reference)
        plain.find_element(By.ID, "email").send_keys("ann@globex.example")
        send(plain)
        seen.add(body(plain))
    assert len(seen) == 1 and "If this reference and this address belong together" in seen.pop()


def test_the_form_can_be_filled_in_by_keyboard_alone(site, browser):
    browser.get(site.url)
    order = []
    while "Send the report" not in order and len(order) < 40:
        press(browser, Keys.TAB)
        here = browser.switch_to.active_element
        order.append(here.get_attribute("name") or here.text)
    assert order[:3] == ["Skip to the content", "Report a problem", "Status of a problem"]
    assert [one for one in order[3:] if not one.startswith("+")] == [  # a closed desk has its number there
        "customer", "contact", "contact_email", "contact_phone", "site", "product", "release", "os", "os_release",
        "severity", "environment", "subject", "description", "files", "Send the report",
    ]  # fmt: skip
    before = browser.find_element(By.TAG_NAME, "html")
    press(browser, Keys.ENTER)
    arrived(browser, before)
    assert browser.switch_to.active_element.get_attribute("id") == "faults"
    press(browser, Keys.TAB)
    press(browser, Keys.ENTER)
    assert browser.current_url.endswith("#customer")


def press(browser: Any, key: str) -> None:
    ActionChains(browser, duration=0).send_keys(key).perform()


SEEN = ("errors", "received", "/status")
PAGES = (*SEEN, "/", "/status/asked", "/nowhere")
LOOKS = [(390, False, PAGES), (390, True, PAGES), (1280, False, PAGES), (1280, True, PAGES)]


@pytest.mark.parametrize(
    ("width", "dark", "pages"),
    [
        (390, True, SEEN),
        (1280, False, SEEN[:1]),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in LOOKS),
    ],
)
def test_no_page_has_a_fault_that_axe_finds(site, browser, width, dark, pages):
    """WCAG 2.1 A and AA and best practices, with the errors of the form too; and nothing is wider than the window."""
    axe = Path(pytest.importorskip("axe_core_python").__file__).with_name("axe.min.js").read_text()
    look(browser, width=width, dark=dark)
    for page in pages:
        if page == "errors":
            browser.get(site.url)
            browser.find_element(By.ID, "contact_email").send_keys("nobody")
            send(browser)
        elif page == "received":
            browser.get(site.url)
            fill(browser)
            browser.find_element(By.CSS_SELECTOR, "label[for=severity]").click()
            send(browser)
            assert "Please call us now" in body(browser)
        else:
            browser.get(site.url + page)
        browser.execute_script(axe)
        found = browser.execute_async_script("axe.run().then(arguments[0])")
        told = [
            (one["id"], one["help"], [node["html"][:120] for node in one["nodes"]])
            for one in found["violations"]
        ]
        assert told == [], f"{page}: {json.dumps(told, indent=1)}"
        assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth"), page


# -- the server -----------------------------------------------------------------------------------


def parts(token: str, **changes: str) -> dict[str, Any]:
    values = {"token": token, "second_line": "", "severity": "3", **ANSWERS, **changes}
    return {name: (None, value) for name, value in values.items()}


def token_of(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def test_a_large_file_goes_to_the_disk_and_not_into_memory():
    with web_desk() as site, httpx.Client(base_url=site.url) as client:
        token = token_of(client.get("/").text)
        client.post("/", files=parts(token))
        before, size = site.memory(), 60_000_000
        with open("/dev/zero", "rb") as zeros:
            files = [*parts(token, subject="With a dump").items(), ("files", ("core", _Some(zeros, size)))]
            assert client.post("/", files=files, timeout=60).status_code == 303
        assert site.memory() - before < 12_000, f"{site.memory() - before} kB more for {size // 1000} kB"
        with site.desk() as desk:
            assert [one.size for one in attachments.listed(desk, 2)] == [size]
        assert not list((site.folder / "files" / "aside").glob("*.*"))
        assert site.end() == 0


class _Some:
    """The first bytes of an endless file."""

    def __init__(self, file: Any, left: int) -> None:
        self._file, self._left = file, left

    def read(self, most: int = -1) -> bytes:
        take = min(self._left, most if most >= 0 else self._left)
        self._left -= take
        return bytes(self._file.read(take))


def test_who_breaks_off_leaves_nothing_and_blocks_nobody():
    with web_desk() as site:
        host, port = urlsplit(site.url).hostname, urlsplit(site.url).port
        head = (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=X\r\nContent-Length: 90000\r\n\r\n"
            '--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
        )
        for _ in range(20):
            with socket.create_connection((host, port)) as line:
                line.sendall(head.encode() + b"x" * 1000)
        with (
            socket.create_connection((host, port)),
            httpx.Client(base_url=site.url) as client,
        ):  # one stays silent
            token = token_of(client.get("/").text)
            assert client.post("/", files=parts(token)).status_code == 303


def test_visitors_are_told_apart_by_a_trusted_proxy_only():
    """Behind a proxy each address has its own limit; who isn't trusted can't make addresses up."""
    for trusted, codes in (('["127.0.0.1"]', {303}), ("[]", {303, 429})):
        with web_desk(settings=f"reports_an_hour = 1\nproxies = {trusted}") as site:
            got = set()
            for n in range(3):
                with httpx.Client(
                    base_url=site.url, headers={"X-Forwarded-For": f"evil, 192.0.2.{n}"}
                ) as client:
                    token = token_of(client.get("/").text)
                    got.add(client.post("/", files=parts(token, subject=f"{n}")).status_code)
            assert got == codes, trusted


def test_a_port_that_is_taken_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(AssertionError) as said, web_desk("--port", port):
            pass
    assert f"127.0.0.1:{port} can't be listened on" in str(said.value) and "Traceback" not in str(said.value)


def test_a_page_does_not_wait_for_a_packet_to_be_acknowledged():
    """Headers and body leave as two packets: with Nagle's algorithm each page would take 40 ms."""
    with web_desk() as site, httpx.Client(base_url=site.url) as client:
        times = []
        for _ in range(25):
            began = time.perf_counter()
            client.get("/icon.svg")
            times.append(time.perf_counter() - began)
        assert min(times[1:]) < 0.03


def test_it_ends_well_while_somebody_is_connected():
    with web_desk() as site, httpx.Client(base_url=site.url) as client:
        client.get("/")
        began = time.monotonic()
        assert site.end() == 0
        assert time.monotonic() - began < 8


@pytest.mark.parametrize("kills", [1, pytest.param(60, marks=pytest.mark.slow)])
def test_a_server_that_is_killed_takes_every_report_exactly_once(tmp_path, kills):
    """A customer whose connection breaks sends the same page again, until there is a number."""
    dice, numbers, settings = random.Random(7), [], "reports_an_hour = 1000"
    files = ("files", ("dump.txt", b"x" * 300_000))
    with started(tmp_path, settings=settings) as site, httpx.Client(base_url=site.url) as client:
        tokens = [token_of(client.get("/").text) for _ in range(kills)]
        cookies = client.cookies
    for n, token in enumerate(tokens):
        form = [*parts(token, subject=f"Report {n}").items(), files]
        for turn in range(4):
            with (
                started(tmp_path, settings=settings) as site,
                httpx.Client(base_url=site.url, cookies=cookies) as client,
            ):
                if turn == 0:
                    threading.Timer(dice.uniform(0.005, 0.06), site.process.kill).start()
                with suppress(httpx.TransportError):
                    answer = client.post("/", files=form, timeout=20)
                    assert answer.status_code == 303, answer.text
                    numbers.append(answer.headers["location"])
                    break
    store = open_store(str(tmp_path / "desk.db"))
    desk = Desk(store, "netex", SystemClock(), "ana")
    found = [tickets.get(store, number) for number in range(1, kills + 2)]
    assert len(numbers) == kills and found[-1] is None
    assert [one.subject for one in found[:-1]] == [f"Report {n}" for n in range(kills)]
    assert [len(attachments.listed(desk, one.number)) for one in found[:-1]] == [1] * kills
    store.close()

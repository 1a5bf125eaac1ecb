"""The picture of the web desk in docs/web.md, from the pages themselves: python tests/look/web.py docs/web.png"""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from selenium.webdriver.common.by import By

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.real.test_web import fill, send
from tests.real.webdesk import chromium, look, web_desk

HEIGHT, GAP, GROUND = 1000, 24, "#8a93a3"


def shot(browser: Any) -> Image.Image:
    found = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    return Image.open(io.BytesIO(base64.b64decode(found["data"]))).convert("RGB")


def pictures() -> list[Image.Image]:
    with web_desk() as site, chromium() as browser:
        look(browser, width=960, dark=False, height=HEIGHT)
        browser.get(site.url)
        day = shot(browser)
        look(browser, width=390, dark=False, height=HEIGHT)
        browser.get(site.url)
        fill(browser, customer="Globex", contact_email="ann at globex", contact_phone="")
        browser.find_element(By.CSS_SELECTOR, "label[for=severity]").click()
        send(browser)
        mistake = shot(browser)
        for name, text in (("contact_email", "ann@globex.example"), ("contact_phone", "+1 555 0100")):
            browser.find_element(By.ID, name).clear()
            browser.find_element(By.ID, name).send_keys(text)
        look(browser, width=390, dark=True, height=HEIGHT)
        send(browser)
        return [day, mistake, shot(browser)]


def main(out: str) -> None:
    found = pictures()
    whole = Image.new("RGB", (sum(one.width + GAP for one in found) + GAP, HEIGHT + 2 * GAP), GROUND)
    at = GAP
    for one in found:
        whole.paste(one, (at, GAP))
        at += one.width + GAP
    whole.quantize(128).save(out, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])

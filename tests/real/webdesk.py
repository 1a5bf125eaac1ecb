"""`supporttui web` as a process on loopback, and a headless Chromium that looks at it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from supporttui.clock import SystemClock
from supporttui.desk.session import Desk
from supporttui.store import open_store
from tests.wire.driver import base_environment

CHROMIUM, CHROMEDRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless=new --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-extensions --hide-scrollbars"
)
CHANNELS = '[mail]\nhost = "127.0.0.1"\nport = 9\nsender = "support@vendor.example"\ntls = "none"\n'
READY = re.compile(r"listening on (http://\S+)")


def need(*programs: str) -> None:
    """Skip without these programs; in CI that is a failure."""
    missing = [one for one in programs if not (shutil.which(one) or os.path.exists(one))]
    if missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{', '.join(missing)} is missing")
        pytest.skip(f"no {', '.join(missing)}")


@dataclass
class WebDesk:
    """A running web desk.  url: where it listens."""

    folder: Path
    process: subprocess.Popen[str]
    url: str

    @property
    def store(self) -> str:
        return str(self.folder / "desk.db")

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A desk of the test's own on the same store."""
        store = open_store(self.store)
        try:
            yield Desk(store, "netex", SystemClock(), "ana")
        finally:
            store.close()

    def memory(self) -> int:
        """The most memory that the process ever had, in kB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+)", status)
        assert found
        return int(found[1])

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def web_desk(*words: str, settings: str = "") -> Iterator[WebDesk]:
    """`supporttui web` in a private folder.  settings: of [web]."""
    folder = Path(tempfile.mkdtemp(prefix="webdesk-"))
    try:
        with started(folder, *words, settings=settings) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(folder: Path, *words: str, settings: str = "") -> Iterator[WebDesk]:
    """`supporttui web` on what lies in a folder; killed at the end."""
    (folder / "intake.toml").write_text(f"[web]\n{settings}\n")
    (folder / "channels.toml").write_text(CHANNELS)
    environment = base_environment() | {
        "SUPPORTTUI_STORE": str(folder / "desk.db"), "SUPPORTTUI_INTAKE": str(folder / "intake.toml"),
        "SUPPORTTUI_CHANNELS": str(folder / "channels.toml"), "HOME": str(folder), "SUPPORTTUI_POLICY": "netex",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "supporttui", "web", "--port", "0", *words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        yield WebDesk(folder, process, _listening(process))
    finally:
        process.kill()
        process.wait()


def _listening(process: subprocess.Popen[str]) -> str:
    """Where it listens; what it said instead, if it ended."""
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        if found := READY.search(line):
            return found[1]
        said.append(line)
    raise AssertionError("".join(said))


@contextmanager
def chromium(*, scripts: bool = True) -> Iterator[Any]:
    """A headless Chromium with a profile of its own.  scripts: whether JavaScript is on, as in its settings."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tempfile.mkdtemp(prefix="chromium-")
    for flag in [
        *FLAGS.split(),
        f"--user-data-dir={profile}",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]:
        options.add_argument(flag)
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    browser = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
    try:
        yield browser
    finally:
        browser.quit()
        shutil.rmtree(profile, ignore_errors=True)


def look(browser: Any, *, width: int, dark: bool, height: int = 900) -> None:
    """As somebody with a window of this width who likes it dark, or doesn't."""
    scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

"""`web` on the command line: what keeps it from starting is one clear line."""

from __future__ import annotations

import socket

import pytest


@pytest.fixture
def settings(cli, tmp_path):
    file = tmp_path / "intake.toml"
    cli.environ["SUPPORTTUI_INTAKE"] = str(file)
    return file


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8025.0", "٣"])
def test_a_port_is_a_number(cli, settings, port):
    assert "is no port" in cli.bad(64, "web", f"--port={port}")


def test_a_port_that_is_taken(cli, settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "can't be listened on: Address already in use" in cli.bad(
            74, "web", "--port", taken.getsockname()[1]
        )


def test_a_host_that_there_is_not(cli, settings):
    assert "no.such.host.invalid:0 can't be listened on: " in cli.bad(
        74, "web", "--host=no.such.host.invalid", "--port=0"
    )


def test_restricted_mode_serves_nobody(cli, settings):
    assert "not allowed in restricted mode" in cli.bad(77, "--restricted", "web")


def test_without_the_extra_it_says_what_to_install(cli, settings, monkeypatch):
    from supporttui.cli import web

    monkeypatch.setattr(web, "EXTRA", (*web.EXTRA, "no_such_library"))
    assert "no_such_library: pip install 'supporttui[web]'" in cli.bad(78, "web")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[web]\nmost_mb = 0", "web.most_mb"),
        ("[web]\nport = 70000", "web.port"),
        ("[web]\nreports_an_hour = 0", "web.reports_an_hour"),
        ('[web]\nurl = "support.vendor.example"', "web.url"),
        ('[web]\nurl = "https://support.vendor.example/?a=1"', "web.url"),
        ('[web]\nproxies = ["proxy.vendor.example"]', "web.proxies"),
        ("[web]\nhots = 1", "hots"),
    ],
)
def test_settings_that_can_not_be_used(cli, settings, text, says):
    settings.write_text(text)
    assert says in cli.bad(78, "web")


@pytest.mark.parametrize(("policy", "said"), [("netex", False), ("xnet", True)])
def test_what_the_pages_can_t_promise_is_said_once_they_listen(cli, settings, monkeypatch, policy, said):
    """X NET names telephone and e-mail as ways to report, and no form."""
    from supporttui.intake.web import serve

    monkeypatch.setattr(serve, "serve", lambda _open, _settings, _log, ready: ready("http://127.0.0.1:1/"))
    done = cli("web", "--policy", policy)
    assert done.code == 0 and "nobody gets an acknowledgement" in done.err
    assert ("names as ways to report: phone, email; to take reports here" in done.err) is said

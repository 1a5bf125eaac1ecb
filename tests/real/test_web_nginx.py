"""The nginx of docs/web.md, as written there but for ports and paths, with TLS in front of a web desk."""

from __future__ import annotations

import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import trustme

from tests.real.webdesk import WebDesk, need, web_desk

pytest.importorskip("starlette")
NGINX = "/usr/sbin/nginx"
DOCS = Path(__file__).parents[2] / "docs" / "web.md"
NAME = "support.vendor.example"
REPORT = {
    "customer": "Globex", "contact": "Ann Lee", "contact_email": "ann@globex.example", "contact_phone": "+1 555 0100",
    "product": "NETEX", "release": "7.1", "os": "z/OS", "os_release": "2.5", "subject": "Transfers stop at noon",
    "description": "They stop.", "severity": "3",
}  # fmt: skip


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def nginx(site: WebDesk, path: str = "/") -> Iterator[tuple[int, ssl.SSLContext]]:
    """The documented server block in an nginx of the test's own; its port, and who trusts it."""
    need(NGINX)
    block = re.search(r"```nginx\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert block
    authority, folder, port = trustme.CA(), site.folder, free_port()
    certificate = authority.issue_cert(NAME)
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "both.pem")
    server = block[1]
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/support.pem", f"{folder}/both.pem"),
        ("/etc/ssl/support.key", f"{folder}/both.pem"),
        ("http://127.0.0.1:8025/", f"{site.url}/"),
        ("location / {", f"location {path} {{"),
    ):
        assert server.count(old) == 1, old
        server = server.replace(old, new)
    temporary = "".join(
        f"{one}_temp_path {folder}/{one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary}\n{server} }}\n"
    )
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    process = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, process)
        yield port, trust
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError("nginx does not listen")


def client(port: int, trust: ssl.SSLContext) -> httpx.Client:
    """Somebody who types the documented name; it leads to this nginx."""
    to = httpx.HTTPTransport(verify=trust)
    return httpx.Client(transport=_Led(to, port), base_url=f"https://{NAME}")


class _Led(httpx.BaseTransport):
    def __init__(self, to: httpx.BaseTransport, port: int) -> None:
        self._to, self._port = to, port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        there = request.url.copy_with(host="127.0.0.1", port=self._port)
        led = httpx.Request(
            request.method, there, headers=request.headers, stream=request.stream,
            extensions={**request.extensions, "sni_hostname": NAME},
        )  # fmt: skip
        return self._to.handle_request(led)


def report(visitor: httpx.Client, at: str, **more: object) -> httpx.Response:
    token = visitor.get(at).text.partition('name="token" value="')[2].partition('"')[0]
    fields = {"token": token, "second_line": "", **REPORT}
    parts = [*((name, (None, value)) for name, value in fields.items()), *more.items()]
    headers = {"Origin": f"https://{NAME}", "Sec-Fetch-Site": "same-origin"}
    return visitor.post(at, files=parts, headers=headers, timeout=30)


def test_a_report_through_nginx_and_tls():
    with web_desk(settings=f'url = "https://{NAME}"\nmost_mb = 1') as site, nginx(site) as (port, trust):
        visitor = client(port, trust)
        page = visitor.get("/")
        assert "__Host-form=" in page.headers["set-cookie"] and "Secure" in page.headers["set-cookie"]
        assert "max-age" in page.headers["strict-transport-security"] and "uvicorn" not in page.headers.get(
            "server", ""
        )
        answer = report(visitor, "/", files=("dump.txt", b"dump"))
        assert answer.status_code == 303
        assert "Your report has the number 1" in visitor.get(answer.headers["location"]).text
        large = report(visitor, "/", files=("core", b"x" * 1_500_000))
        assert large.status_code == 422 and "may have 1 MB together" in large.text


def test_a_report_under_a_path_of_another_site():
    settings = f'url = "https://{NAME}/support"'
    with web_desk(settings=settings) as site, nginx(site, "/support/") as (port, trust):
        visitor = client(port, trust)
        page = visitor.get("/support/").text
        style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert visitor.get(style).headers["content-type"].startswith("text/css")
        answer = report(visitor, "/support/")
        assert answer.headers["location"].startswith("/support/received/")
        assert visitor.get(answer.headers["location"]).status_code == 200
        assert visitor.get("/support/status").status_code == 200

"""Receivers of notices on loopback: an SMTP server, an HTTPS server, a program.  Each records what it got."""

from __future__ import annotations

import http.server
import json
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller


class MailSink:
    """What an SMTP server took.  answer: what it says to the next messages instead of taking them."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.answer = ""
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer:
            return self.answer
        letter = message_from_bytes(envelope.content, policy=default)
        letter["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.letters.append(letter)
        return "250 taken"


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    sink = MailSink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        sink.port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


class WebSink:
    """What an HTTPS server got: (path, headers, body).  status: what it answers."""

    def __init__(self, folder: Path) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 204
        self.port = 0
        self.ca = folder / "ca.pem"


@contextmanager
def web_sink(folder: Path) -> Iterator[WebSink]:
    authority, sink = trustme.CA(), WebSink(folder)
    authority.cert_pem.write_to_path(sink.ca)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sink.got.append((self.path, dict(self.headers), body))
            self.send_response(sink.status)
            if sink.status in (301, 302):
                self.send_header("Location", f"https://localhost:{sink.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Program:
    """A program that writes each notice that it gets into a file, one JSON object a line."""

    def __init__(self, folder: Path) -> None:
        self.path, self.log, self.order = folder / "told", folder / "told.log", folder / "order"
        self.path.write_text(
            "#!/bin/sh\n"
            f'[ -f "{self.order}" ] && . "{self.order}"\n'
            "exec python3 -c 'import json,os,sys; print(json.dumps({**{k: v for k, v in os.environ.items() "
            'if k.startswith("SUPPORTTUI_")}, "stdin": sys.stdin.read(), "argv": sys.argv[1:]}))\' "$@" '
            f'>> "{self.log}"\n'
        )
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)

    @property
    def told(self) -> list[dict[str, Any]]:
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def does(self, shell: str) -> None:
        """What it does first, such as "exit 75"."""
        self.order.write_text(shell)

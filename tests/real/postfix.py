"""Debian's Postfix for tests: queue, ports and folders of its own, gone with the test.

Mail for vendor.example goes through pipe(8) to a command, as in docs/mail.md.  pipe(8) starts nothing as root,
and nobody else may be allowed to run the interpreter of the tests: so the command is a door that carries
standard input and arguments to the test, which runs the gateway, and brings its exit code back.
Mail for customer.example lies in a Maildir; whatever goes to gone.example comes back.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.real.mailhosts import free_ports, listening, needed

POSTFIX = "/usr/sbin/postfix"
DESK, CUSTOMER = "desk@vendor.example", "ana@customer.example"
CONCURRENT = 4

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mx.vendor.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_soft_error_limit = 1000
smtpd_peername_lookup = no
smtp_host_lookup = native
disable_dns_lookups = yes
biff = no
message_size_limit = 20000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
transport_maps = inline:{{ {{ vendor.example = supporttui: }}, {{ gone.example = nobody: }} }}
relay_domains = vendor.example, gone.example
virtual_mailbox_domains = customer.example
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = inline:{{ {{ ana@customer.example = ana/ }}, {{ raj@customer.example = raj/ }} }}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
alias_maps =
alias_database =
local_recipient_maps =
supporttui_destination_recipient_limit = 1
supporttui_destination_concurrency_limit = {concurrent}
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
transport_retry_time = 1s
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 1 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
flush     unix  n - n 1000? 0 flush
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
tlsmgr    unix  - - n 1000? 1 tlsmgr
proxymap  unix  - - n - - proxymap
supporttui unix - n n - {concurrent} pipe
  flags=Rq user=nobody argv={door} {socket} intake mail --from=${{sender}}
nobody    unix  - n n - - pipe
  flags=q user=nobody argv=/bin/sh -c {{exit 67}}
"""

_DOOR = """#!/usr/bin/perl
use strict; use IO::Socket::UNIX; use Socket;
my $way = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => shift @ARGV) or exit 75;
binmode STDIN; binmode $way;
print $way scalar(@ARGV), "\\n", map { "$_\\n" } @ARGV;
while (read STDIN, my $part, 65536) { print $way $part }
$way->flush; shutdown $way, 1;
my $code = <$way>;
exit(defined $code && $code =~ /^(\\d+)$/ ? $1 : 75);
"""


@dataclass
class Postfix:
    """One that runs.  gateway: gets the arguments and the mail, gives the exit code; the test may change it."""

    folder: Path
    port: int
    gateway: Callable[[list[str], bytes], int]
    codes: list[int] = field(default_factory=list)

    def sends(self, mail: bytes, sender: str = CUSTOMER, to: str = DESK) -> None:
        """Hand a mail over by SMTP, as anybody's mail server does."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as server:
            server.sendmail(sender, [to], mail)

    def queued(self) -> int:
        folders = ("incoming", "active", "deferred", "maildrop")
        return sum(
            1 for name in folders for path in (self.folder / "queue" / name).rglob("*") if path.is_file()
        )

    def flush(self) -> None:
        """Try at once what waits for its next time."""
        subprocess.run(["postqueue", "-c", self.folder, "-f"], check=True)

    def drained(self, seconds: float = 30) -> None:
        limit = time.monotonic() + seconds
        while self.queued():
            if time.monotonic() > limit:
                pytest.fail(f"the queue does not empty: {self.log()[-3000:]}")
            time.sleep(0.05)

    def box(self, name: str) -> list[bytes]:
        """The mails in a customer's mailbox, the oldest first."""
        new = self.folder / "boxes" / name / "new"
        return [path.read_bytes() for path in sorted(new.glob("*"), key=lambda path: path.stat().st_mtime_ns)]

    def log(self) -> str:
        path = self.folder / "mail.log"
        return path.read_text(errors="replace") if path.exists() else ""


@contextmanager
def postfix(gateway: Callable[[list[str], bytes], int]) -> Iterator[Postfix]:
    needed("postfix", POSTFIX, "/usr/bin/perl")
    if os.geteuid() != 0:
        pytest.skip("Postfix starts as root only")
    folder = Path(tempfile.mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)
    port = free_ports(1)[0]
    door, way = folder / "door", folder / "door.socket"
    door.write_text(_DOOR)
    door.chmod(0o755)
    (folder / "boxes").mkdir()
    os.chown(folder / "boxes", 65534, 65534)
    for name in ("queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "main.cf").write_text(_MAIN.format(folder=folder, concurrent=CONCURRENT))
    (folder / "master.cf").write_text(_MASTER.format(port=port, door=door, socket=way, concurrent=CONCURRENT))
    host = Postfix(folder, port, gateway)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(way))
    way.chmod(0o666)
    listener.listen(64)
    threading.Thread(target=_answer, args=(listener, host), daemon=True).start()
    environ = {**os.environ, "MAIL_CONFIG": str(folder)}
    with (folder / "start.log").open("wb") as log:
        subprocess.run([POSTFIX, "-c", folder, "check"], stdout=log, stderr=log, env=environ)
        process = subprocess.Popen(
            [POSTFIX, "-c", folder, "start-fg"], stdout=log, stderr=log, env=environ, start_new_session=True
        )
    try:
        listening(port, process, folder / "start.log", "postfix")
        yield host
    finally:
        subprocess.run([POSTFIX, "-c", folder, "abort"], capture_output=True, env=environ)
        process.wait(20)
        listener.close()
        shutil.rmtree(folder, ignore_errors=True)


def _answer(listener: socket.socket, host: Postfix) -> None:
    while True:
        try:
            way, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_one, args=(way, host), daemon=True).start()


def _one(way: socket.socket, host: Postfix) -> None:
    with way, way.makefile("rb") as stream:
        arguments = [stream.readline().decode().rstrip("\n") for _ in range(int(stream.readline()))]
        code = host.gateway(arguments, stream.read())
        host.codes.append(code)
        way.sendall(f"{code}\n".encode())

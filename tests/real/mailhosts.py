"""Debian's Dovecot and Postfix for tests: each with folders and ports of its own, on loopback, gone with the test.

In CI a missing server fails; elsewhere the tests are skipped and say so.
"""

from __future__ import annotations

import os
import random
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

DOVECOT = "/usr/sbin/dovecot"
IMAP_LOGIN = "/usr/lib/dovecot/imap"  # Debian's dovecot-imapd
PASSWORD = 'seven"wo\\rds'

_DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
instance_name = {name}
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
first_valid_uid = 0
mail_location = maildir:~/Maildir
{more}
namespace inbox {{
  inbox = yes
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
"""


def needed(packages: str, *files: str) -> None:
    """Fail in CI, skip elsewhere, when one of the files isn't there."""
    missing = [name for name in files if shutil.which(name) is None and not Path(name).exists()]
    if not missing:
        return
    why = f"{', '.join(missing)} is missing: apt-get install {packages}"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def listening(port: int, process: subprocess.Popen[bytes], log: Path, what: str) -> None:
    limit = time.monotonic() + 20
    while time.monotonic() < limit and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"{what} does not listen: {log.read_text()[-3000:] if log.exists() else ''}")


@dataclass(frozen=True, slots=True)
class Dovecot:
    """One that runs.  imap: in the clear and STARTTLS; imaps: TLS from the first byte.  ca: who signed it."""

    folder: Path
    imap: int
    imaps: int
    ca: Path


@contextmanager
def dovecot(more: str = "") -> Iterator[Dovecot]:
    """A Dovecot for any user whose password is PASSWORD.  more: further lines of its configuration."""
    needed("dovecot-imapd", DOVECOT, IMAP_LOGIN)
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    root = os.geteuid() == 0
    uid, gid = (65534, 65534) if root else (os.getuid(), os.getgid())
    (folder / "home").mkdir()
    os.chown(folder / "home", uid, gid)
    ca = trustme.CA()
    certificate = ca.issue_cert("localhost", "127.0.0.1")
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    imap, imaps = free_ports(2)
    me = "" if root else __import__("getpass").getuser()
    config = _DOVECOT.format(
        folder=folder, name=folder.name, imap=imap, imaps=imaps, uid=uid, gid=gid, password=PASSWORD, more=more,
        internal=me or "dovecot", login=me or "dovenull", group=me or "dovecot",
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(config)
    with (folder / "start.log").open("wb") as log:
        process = subprocess.Popen([DOVECOT, "-F", "-c", folder / "dovecot.conf"], stdout=log, stderr=log)
    try:
        listening(imap, process, folder / "start.log", "dovecot")
        yield Dovecot(folder, imap, imaps, folder / "ca.pem")
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class CuttingRelay:
    """Carries connections to a port and breaks each off after some bytes.  next_cuts: for the next ones;
    when there is none left, nothing is cut.
    """

    target: int
    next_cuts: list[int] = field(default_factory=list)
    cut: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            most = self.next_cuts.pop(0) if self.next_cuts else -1
            threading.Thread(target=self._carry, args=(client, most), daemon=True).start()

    def _carry(self, client: socket.socket, most: int) -> None:
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            carried = 0
            try:
                while True:
                    for end in select.select([client, server], [], [])[0]:
                        data = end.recv(65536)
                        if not data:
                            return
                        if end is server and most >= 0:
                            data = data[: most - carried]
                            carried += len(data)
                        (server if end is client else client).sendall(data)
                        if carried == most:
                            self.cut += 1
                            return
            except OSError:
                return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def some_mail(number: int, size: int = 0) -> bytes:
    """A plain mail; size: bytes that its text has at least."""
    chance = random.Random(number)
    lines = "".join(f"{chance.getrandbits(240):060x}\r\n" for _ in range(size // 62 + 1))
    return (
        f"From: Ana Poe <ana{number}@customer.example>\r\nTo: desk@vendor.example\r\n"
        f"Subject: NETEX abends {number}\r\nMessage-ID: <{number}@customer.example>\r\n"
        f"Date: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\n{lines}"
    ).encode()

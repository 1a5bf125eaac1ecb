"""Files that real servers put into the upload folder: OpenSSH's internal-sftp in a chroot, vsftpd, pyftpdlib.

Each on loopback, ended with the test.  The chroot and vsftpd need root; without it OpenSSH runs as the
tests' own user and without a chroot.  In CI a missing server fails; elsewhere the tests are skipped.
"""

from __future__ import annotations

import ftplib
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from supporttui.clock import SystemClock
from supporttui.desk import attachments
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.intake.settings import UploadsTable
from supporttui.intake.uploads import Uploads
from supporttui.store import book, open_store
from supporttui.store.blobs import Blobs
from supporttui.store.book_criteria import equal

ROOT = os.geteuid() == 0
SSHD, VSFTPD = "/usr/sbin/sshd", "/usr/sbin/vsftpd"
DUMP = os.urandom(300_000)
USER = "nobody" if ROOT else pwd.getpwuid(os.geteuid()).pw_name
SSHD_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
DisableForwarding yes
Subsystem sftp internal-sftp
ForceCommand internal-sftp
{chroot}
"""
VSFTPD_CONFIG = """
listen=YES
listen_address=127.0.0.1
listen_port={port}
background=NO
anonymous_enable=YES
no_anon_password=YES
local_enable=NO
write_enable=YES
anon_upload_enable=YES
anon_umask=077
anon_root={root}
pasv_address=127.0.0.1
seccomp_sandbox=NO
secure_chroot_dir={empty}
"""


def needs(*programs: str) -> None:
    missing = [one for one in programs if shutil.which(one) is None]
    if missing:
        why = f"{', '.join(missing)} is missing: apt-get install openssh-server vsftpd"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path only root may change, as a chroot asks for."""
    made = Path(tempfile.mkdtemp(prefix="supporttui-uploads-", dir="/var/lib" if ROOT else None))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    tmp_path.chmod(0o700)
    store = open_store(tmp_path / "desk.sqlite3")
    desk = Desk(store, "netex", SystemClock(), "uploads")
    for subject in ("abends", "hangs"):
        report(desk, NewTicket(subject=subject, severity=3, customer="Acme"))
    yield desk
    store.close()


@contextmanager
def looking(desk: Desk, tmp_path: Path, inbox: Path, **more: object) -> Iterator[Uploads]:
    uploads = Uploads(desk, UploadsTable(folder=str(inbox), **more), Blobs(tmp_path / "files"))  # type: ignore[arg-type]
    yield uploads
    uploads.close()


@contextmanager
def serving(command: list[str], port: int, log: Path) -> Iterator[None]:
    with log.open("w") as out, subprocess.Popen(command, stderr=out, stdout=out) as process:
        try:
            limit = time.monotonic() + 15
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if time.monotonic() > limit or process.poll() is not None:
                        pytest.fail(f"{command[0]} does not listen: {log.read_text()}")
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(10)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def owned(path: Path, user: str) -> Path:
    path.mkdir()
    if ROOT:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return path


def hashes(desk: Desk, number: int) -> dict[str, str]:
    return {one.name: one.hash for one in attachments.listed(desk, number)}


# -- OpenSSH --------------------------------------------------------------------------------------


@contextmanager
def sftp(folder: Path) -> Iterator[list[str]]:
    """An sshd whose user is shut into `folder`, and the command of a client."""
    keys = folder.parent / f"{folder.name}-keys"
    keys.mkdir(mode=0o755)
    try:
        for key in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys / key], check=True)
        shutil.copy(keys / "user_key.pub", keys / "authorized_keys")
        (keys / "authorized_keys").chmod(0o644)
        if ROOT:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        port, chroot = free_port(), f"ChrootDirectory {folder}" if ROOT else ""
        (keys / "sshd_config").write_text(SSHD_CONFIG.format(port=port, folder=keys, chroot=chroot))
        client = ["sftp", "-q", "-b", "-", "-P", str(port), "-i", str(keys / "user_key")]
        client += [
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
        ]
        with serving([SSHD, "-D", "-e", "-f", str(keys / "sshd_config")], port, keys / "log"):
            yield [*client, f"{USER}@127.0.0.1"]
    finally:
        shutil.rmtree(keys, ignore_errors=True)


def test_openssh_sftp_in_a_chroot(desk: Desk, tmp_path: Path, folder: Path) -> None:
    needs(SSHD, "sftp", "ssh-keygen")
    inbox = owned(folder / "acme", USER)
    dump = tmp_path / "dump"
    dump.write_bytes(DUMP)
    inside = "/acme" if ROOT else str(inbox)
    lines = [
        f"cd {inside}", f"put {dump} 1-core.dmp.filepart", "rename 1-core.dmp.filepart 1-core.dmp",
        "mkdir 2", f"put {dump} 2/again.dmp", f"put {dump} stray.dmp",
        # What a customer with an account may try.
        "symlink /etc/passwd 1-passwd.log", f"put {dump} 1-twice.dmp", "ln 1-twice.dmp 1-other.dmp",
    ]  # fmt: skip
    with sftp(folder) as client:
        subprocess.run(client, input="\n".join(lines), text=True, check=True, timeout=60)
    with looking(desk, tmp_path, folder, owners=(USER,)) as uploads:
        uploads.look()
        look = uploads.look()
    whole = hashlib.sha256(DUMP).hexdigest()
    assert hashes(desk, 1) == {"1-core.dmp": whole}
    assert hashes(desk, 2) == {"again.dmp": whole}
    assert [
        one.name for one in book.select(desk.store, attachments.KIND, equal(state=attachments.QUARANTINED))
    ] == ["stray.dmp"]
    assert sorted(one.key[-1] for one in look.left) == ["1-other.dmp", "1-passwd.log", "1-twice.dmp"]
    assert sorted(one.name for one in inbox.iterdir()) == ["1-other.dmp", "1-passwd.log", "1-twice.dmp", "2"]
    items = book.select(desk.store, "intake-item", equal(kind="file"))
    assert sorted(one.subject for one in items) == [
        "1-other.dmp",
        "1-passwd.log",
        "1-twice.dmp",
        "stray.dmp",
    ]


# -- vsftpd ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not ROOT, reason="vsftpd wants to be root")
def test_vsftpd(desk: Desk, tmp_path: Path, folder: Path) -> None:
    needs(VSFTPD)
    inbox = owned(folder / "incoming", "ftp")
    empty = folder / "empty"
    empty.mkdir(mode=0o555)
    port = free_port()
    config = folder / "vsftpd.conf"
    config.write_text(VSFTPD_CONFIG.format(port=port, root=folder, empty=empty))
    with (
        serving([VSFTPD, str(config)], port, tmp_path / "log"),
        looking(desk, tmp_path, inbox, owners=("ftp",)) as uploads,
        ftplib.FTP(timeout=20) as ftp,
    ):
        ftp.connect("127.0.0.1", port)
        ftp.login()
        ftp.cwd("incoming")
        ftp.voidcmd("TYPE I")
        with ftp.transfercmd("STOR 1-core.dmp") as line:
            line.sendall(DUMP[:100_000])
            wait_for_size(inbox / "1-core.dmp", 1)
            # The client stalls: a file that stands still but is open is not taken.
            assert [uploads.look().taken for _ in range(5)] == [()] * 5
            line.sendall(DUMP[100_000:])
        ftp.voidresp()
        assert [one.ticket for one in taken_at_last(uploads)] == [1]
    assert hashes(desk, 1) == {"1-core.dmp": hashlib.sha256(DUMP).hexdigest()}
    assert list(inbox.iterdir()) == []


def taken_at_last(uploads: Uploads) -> tuple[Any, ...]:
    """Look until something is taken: a server closes its file some time after it told the client."""
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        if taken := uploads.look().taken:
            return taken
        time.sleep(0.02)
    pytest.fail("nothing is taken")


def wait_for_size(path: Path, least: int) -> None:
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        if path.exists() and path.stat().st_size >= least:
            return
        time.sleep(0.02)
    pytest.fail(f"{path} does not grow")


# -- pyftpdlib ------------------------------------------------------------------------------------


@contextmanager
def ftp_server(home: Path) -> Iterator[int]:
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer

    authorizer = DummyAuthorizer()
    authorizer.add_user("acme", "secret", str(home), perm="elradfmw")

    class Handler(FTPHandler):  # type: ignore[misc]
        banner = "ready"

    Handler.authorizer = authorizer
    server = FTPServer(("127.0.0.1", 0), Handler)
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            server.serve_forever(timeout=0.05, blocking=False)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield int(server.socket.getsockname()[1])
    finally:
        over.set()
        thread.join(10)
        server.close_all()


def test_pyftpdlib_whole_aborted_and_resumed(desk: Desk, tmp_path: Path) -> None:
    pytest.importorskip("pyftpdlib")
    root = tmp_path / "ftp"
    home = root / "Acme"
    home.mkdir(parents=True)
    with ftp_server(home) as port, looking(desk, tmp_path, root) as uploads, ftplib.FTP(timeout=20) as ftp:
        ftp.connect("127.0.0.1", port)
        ftp.login("acme", "secret")
        ftp.mkd("1")
        ftp.voidcmd("TYPE I")
        with ftp.transfercmd("STOR 1/core.dmp.part") as line:
            line.sendall(DUMP[:100_000])
        ftp.voidresp()  # the line was cut: as far as the server knows, this is all of it
        assert [uploads.look().taken for _ in range(4)] == [()] * 4
        with ftp.transfercmd("STOR 1/core.dmp.part", rest=100_000) as line:
            line.sendall(DUMP[100_000:])
        ftp.voidresp()
        ftp.rename("1/core.dmp.part", "1/core.dmp")
        (taken,) = taken_at_last(uploads)
    assert (taken.ticket, taken.key) == (1, ("Acme", "1", "core.dmp"))
    assert hashes(desk, 1) == {"core.dmp": hashlib.sha256(DUMP).hexdigest()}

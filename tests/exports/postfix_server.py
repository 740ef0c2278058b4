"""A running Postfix of the tests: its own configuration and queue, a port of the
loopback interface, and a transport that discards what is accepted."""

from __future__ import annotations

import os
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from tests.children import run

_MASTER = """\
{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 discard
defer unix - - n - 0 discard
trace unix - - n - 0 discard
discard unix - - n - - discard
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""
_MAIN = """\
compatibility_level = 3.6
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mx.firsthop.invalid
mydestination =
mynetworks = 192.0.2.254/32
relay_domains = example.it
default_transport = discard
relay_transport = discard
local_transport = discard
queue_directory = {place}/queue
data_directory = {place}/data
maillog_file = {place}/log
maillog_file_prefixes = {place}
disable_dns_lookups = yes
smtp_host_lookup = native
alias_maps =
alias_database =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_authorized_xclient_hosts = 127.0.0.1
nested_header_checks =
mime_header_checks =
header_checks = pcre:{rules}/header_checks.pcre
smtpd_client_restrictions = check_client_access cidr:{rules}/client_access
smtpd_sender_restrictions = check_sender_access texthash:{rules}/sender_access
smtpd_relay_restrictions = reject_unauth_destination
"""


class Server:
    """The server and its log."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log

    def send(self, message: bytes, client: str = "192.0.2.1", sender: str = "a@b.example") -> str:
        """What it answers a client of that address (XCLIENT), as code and text."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as session:
            session.ehlo("client.example")
            session.docmd("XCLIENT", f"ADDR={client} NAME=[UNAVAILABLE]")
            try:
                session.sendmail(sender, ["tutti@example.it"], message)
            except smtplib.SMTPDataError as refused:
                return f"{refused.smtp_code} {refused.smtp_error!r}"
            except smtplib.SMTPRecipientsRefused as refused:
                return str(next(iter(refused.recipients.values())))
        return "250"


@contextmanager
def running(rules: Path) -> Iterator[Server]:
    """A server with the tables of an export."""
    with TemporaryDirectory(prefix="firsthop-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        for name in ("conf", "rules", "queue", "data"):
            (place / name).mkdir()
        for path in rules.iterdir():
            (place / "rules" / path.name).write_bytes(path.read_bytes())
        port = _free_port()
        (place / "conf" / "main.cf").write_text(_MAIN.format(place=place, rules=place / "rules"))
        (place / "conf" / "master.cf").write_text(_MASTER.format(port=f"127.0.0.1:{port}"))
        for path in place.glob("[cr]*/*"):
            os.utime(path, (0, 0))  # Postfix waits for a file that may still be written
        run(["chown", "postfix", place / "data"])
        program = which("postfix", path="/usr/sbin:/usr/bin") or "postfix"
        started = run([program, "-c", place / "conf", "start"], seconds=60)
        log = place / "log"
        assert started.returncode == 0, started.stderr + (log.read_text() if log.exists() else "")
        try:
            yield Server(port, log)
        finally:
            run([program, "-c", place / "conf", "stop"], seconds=60)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port

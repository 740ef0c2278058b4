"""Exim's DATA ACL in a simulated conversation (`exim -bh`): all messages are handed to
one process, whose log names the rules that each met. Nothing is delivered: `-bh` drops
what it accepts.

The package conflicts with Postfix, so that an unpacked copy is looked for first, in the
folder that FIRSTHOP_EXIM names or in `COPY` (.ci/engines/exim makes it).
Needs:      Debian's exim4-daemon-light (4.96) and the account Debian-exim, which is
            compiled into it. No socket is opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.work_folder import Account, engine_folder, give
from firsthop.publication.exports.exim.writer import ACL
from firsthop.system.program import Finished, installed, run_program

COPY = Path("/var/cache/firsthop/exim")
USER = "Debian-exim"
_SECONDS = 300.0
# what every server takes for a sender (RFC 5321 section 4.1.2, Dot-string)
_SENDER = re.compile(
    rb"^return-path:[ \t]*<?([\w!#$%&'*+/=?^{|}~-]+(?:\.[\w!#$%&'*+/=?^{|}~-]+)*"
    rb"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)>?[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_MOST_HEADER = 1 << 16  # octets in which the sender is looked for
_LINE_END = re.compile(rb"\r\n|\r|\n")
_STARTED = re.compile(r"^LOG: (?:\S+ )?firsthop-message$")
_MET = re.compile(r"^LOG: .*Warning: firsthop: (firsthop_\w+)$")
_REFUSED = re.compile(
    r"panic|failed to expand|error in|failed to compile|missing|malformed", re.IGNORECASE
)


class Exim(NamedTuple):
    """Where the program is, and how it is started."""

    command: tuple[str, ...]

    def start(self, *words: str | Path, cwd: Path, given: bytes = b"") -> Finished:
        """Runs it with other words behind."""
        return run_program((*self.command, *words), seconds=_SECONDS, cwd=cwd, given=given)


def find_exim() -> Exim:
    """The unpacked copy, else the installed one; EngineError where there is neither."""
    copy = Path(os.environ.get("FIRSTHOP_EXIM", COPY))
    program = copy / "usr/sbin/exim4"
    if program.is_file():
        libraries = next(copy.glob("usr/lib/*-linux-gnu"), copy)
        return Exim(("env", f"LD_LIBRARY_PATH={libraries}", str(program)))
    return Exim((installed("exim4", "exim4-daemon-light"),))


def run(folder: Path, messages: Sequence[bytes], work: Path) -> list[frozenset[str]]:
    """The rules that each message meets."""
    exim = find_exim()
    with engine_folder(work, USER) as (place, account):
        (place / ACL).write_bytes((folder / ACL).read_bytes())
        configuration = configure(place, account)
        ended = exim.start(
            *("-C", configuration, "-bh", "127.0.0.1"), cwd=place, given=_conversation(messages)
        )
    _must_have_run(ended, len(messages))
    met = dict.fromkeys(range(len(messages)), frozenset[str]())
    met.update(_met(ended))
    return list(met.values())


def configure(place: Path, account: Account) -> Path:
    """Writes a configuration that asks the statements of an export of all mail."""
    path = place / "exim.conf"
    path.write_text(
        f"""\
exim_user = {account.user}
exim_group = {account.group}
primary_hostname = mx.firsthop.invalid
spool_directory = {place}/spool
log_file_path = {place}/%slog
host_lookup =
tls_advertise_hosts =
smtp_enforce_sync = false
smtp_accept_max_per_connection = 0
check_rfc2047_length = false
acl_smtp_mail = firsthop_mail
acl_smtp_rcpt = firsthop_all
acl_smtp_data = firsthop_data
begin acl
firsthop_mail:
accept logwrite = firsthop-message
firsthop_all:
accept
firsthop_data:
.include {place}/{ACL}
accept
""",
        encoding="utf-8",
    )
    for name in ("exim.conf", ACL):
        (place / name).chmod(0o644)
    (place / "spool").mkdir()
    give(place / "spool", account)
    return path


def _conversation(messages: Sequence[bytes]) -> bytes:
    """What a client of the server would say (RFC 5321 section 4.1.1, 4.5.2)."""
    said = [b"EHLO client.firsthop.invalid\r\n"]
    for data in messages:
        lines = _LINE_END.split(data.removesuffix(b"\n").removesuffix(b"\r"))
        said += (
            b"MAIL FROM:<" + sender_of(data) + b">\r\n",
            b"RCPT TO:<all@mx.firsthop.invalid>\r\nDATA\r\n",
            *(b"." * line.startswith(b".") + line + b"\r\n" for line in lines),
            b".\r\n",
        )
    return b"".join((*said, b"QUIT\r\n"))


def sender_of(message: bytes) -> bytes:
    """The envelope's sender, as the last server wrote it down; empty where it has no
    plain form, or none is told."""
    header = re.split(rb"\r?\n\r?\n", message[:_MOST_HEADER], maxsplit=1)[0]
    match = _SENDER.search(header)
    return match[1] if match else b""


def _met(ended: Finished) -> Iterator[tuple[int, frozenset[str]]]:
    number, names = -1, frozenset[str]()
    for line in ended.errors.splitlines():
        if _STARTED.match(line):
            number, names = number + 1, frozenset()
        elif (match := _MET.match(line)) is not None:
            names |= {match[1]}
            yield number, names


def _must_have_run(ended: Finished, messages: int) -> None:
    """Each message has its answer, and none is a temporary refusal, which is how Exim
    answers where a statement fails. What it says itself quotes no mail."""
    answers = [line[:4] for line in ended.output.decode("ascii", "replace").splitlines()]
    if "451 " in answers or answers.count("354 ") != messages or "221 " not in answers:
        said = next(filter(_REFUSED.search, ended.errors.splitlines()), "it gives no reason")
        raise EngineError(f"Exim refuses the statements: {said.strip()[:300]}")

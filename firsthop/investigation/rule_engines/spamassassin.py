"""Tries exported rules in SpamAssassin 4: first `spamassassin --lint`, judged by all it
says, undefined dependencies too; then spamd with one child, which sees all messages one
after the other, as the child of a busy server does.

Needs:      spamassassin and spamd (Debian packages of these names).
Never:      uses other rules than those of the folder, the network, Bayes, or the
            preferences of a user.
"""

from __future__ import annotations

import re
import shutil
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen

from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.own_folder import is_root, own_folder
from firsthop.publication.exports.spamassassin.rules import name_in_report
from firsthop.system.program import installed, run_program, running_program

SITE = Path("/etc/spamassassin")
_TLDS = Path("/usr/share/spamassassin/20_aux_tlds.cf")
_LINT_SECONDS, _START_SECONDS, _MESSAGE_SECONDS = 60.0, 30.0, 60.0
_LOCAL = "use_bayes 0\nskip_rbl_checks 1\n"
_FAULT = re.compile(r"(?:warn|error): .*|^.*undefined dependency.*")
_NO_FAULT = re.compile(r"warn: lint: |warn: netset: ")
_OURS = re.compile(r"FIRSTHOP_[A-Z0-9_]+")
_NOBODY = "nobody"  # for the child, where this process is root


def run(rules: Path, messages: Sequence[bytes], work: Path) -> list[frozenset[str]]:
    """The names of the rules in `rules` that meet each message; what spamd says is
    written into `work`."""
    spamd = installed("spamd", "spamd")
    with own_folder(_NOBODY) as near:
        config = configuration(rules, near)
        if fault := lint(config):
            raise EngineError(f"SpamAssassin refuses the rules: {fault}")
        with _started(spamd, config, work / "spamd.log") as address:
            return [_met(address, one) for one in messages]


def configuration(rules: Path, near: Path) -> Path:
    """A folder with the rules, the plug-ins and top-level domains of this machine, and
    nothing else."""
    config = near / "rules"
    config.mkdir()
    for path in (*sorted(rules.glob("*.cf")), *sorted(SITE.glob("*.pre")), _TLDS):
        shutil.copyfile(path, config / path.name)
    (config / "00_local.cf").write_text(_LOCAL, encoding="ascii")
    return config


def lint(config: Path) -> str | None:
    """What SpamAssassin finds wrong with the rules in a folder; None: nothing."""
    spamassassin = installed("spamassassin", "spamassassin")
    done = run_program(
        (spamassassin, "--lint", "-D", "rules,config", "-L", "-x", *_only(config)),
        seconds=_LINT_SECONDS,
        cwd=config,
    )
    faults = [
        match[0]
        for line in done.errors.splitlines()
        if (match := _FAULT.search(line)) and not _NO_FAULT.search(line)
    ]
    if faults:
        return faults[0]
    return None if done.code == 0 else f"exit code {done.code}"


def _only(config: Path) -> tuple[str, ...]:
    """The arguments by which no other configuration is read."""
    return ("-C", str(config), f"--siteconfigpath={config}")


@contextmanager
def _started(spamd: str, config: Path, log: Path) -> Iterator[str]:
    """spamd, listening on a socket beside its configuration."""
    address = str(config.parent / "spamd")
    user = (f"--username={_NOBODY}",) if is_root() else ()
    command = (
        *(spamd, f"--socketpath={address}", "--max-children=1", "--max-conn-per-child=1000000"),
        *("--local", "--nouser-config", "--syslog=stderr", *_only(config), *user),
    )
    with running_program(command, cwd=config, log=log) as program:
        _await(program, address, log)
        yield address


def _await(program: Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and program.poll() is None:
        with suppress(OSError), _connected(address):
            return
        time.sleep(0.05)
    last = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
    raise EngineError(f"spamd does not start: {' '.join(last)}")


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_MESSAGE_SECONDS)
        connection.connect(address)
        yield connection


def _met(address: str, message: bytes) -> frozenset[str]:
    """Asks for the symbols of one message (SPAMC/1.5, "SYMBOLS")."""
    head = f"SYMBOLS SPAMC/1.5\r\nContent-length: {len(message)}\r\n\r\n".encode()
    try:
        with _connected(address) as connection:
            connection.sendall(head + message)
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    except OSError as error:
        raise EngineError(f"spamd gives no answer: {error}") from None
    status, _, rest = answer.decode("utf-8", "replace").partition("\r\n")
    if " 0 EX_OK" not in status:
        raise EngineError(f"spamd answers {status!r}")
    symbols = rest.partition("\r\n\r\n")[2]
    return frozenset(name_in_report(one) for one in _OURS.findall(symbols))

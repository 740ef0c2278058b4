"""Tries exported rules in Rspamd: `rspamadm configtest`, judged by what it writes to
standard error, then a worker on a socket that is asked /checkv2 for each message.

Needs:      rspamd (the Debian package of that name).
Never:      uses other rules or modules than those of the folder, a DNS server, or a
            database.
"""

from __future__ import annotations

import json
import shutil
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from subprocess import Popen

from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.own_folder import is_root, own_folder
from firsthop.investigation.rule_engines.suffixes import suffixes_in
from firsthop.publication.exports.rspamd.rules import SCORES_FILE, name_in_report
from firsthop.system.program import installed, run_program, running_program

_USER = "_rspamd"
_SUFFIXES = Path("/usr/share/rspamd/effective_tld_names.dat")
_TEST_SECONDS, _START_SECONDS, _MESSAGE_SECONDS = 60.0, 60.0, 60.0
_CONFIG = """\
lua = "{near}/main.lua";
options {{
  pidfile = "{near}/pid";
  control_socket = "{near}/control";
  cache_file = "{near}/symbols.cache";
  history_file = "{near}/history";
  hs_cache_dir = "{near}";
  tempdir = "{near}";
  url_tld = "{near}/suffixes";
  filters = "";
  check_all_filters = true;  # not only until the score is that of reject
  disable_hyperscan = true;
  dns {{ nameserver = ["127.0.0.1:9"]; }}
}}
logging {{ type = "console"; level = "warning"; }}
worker "normal" {{ bind_socket = "{near}/rspamd mode=0600"; count = 1; task_timeout = 50s; }}
actions {{ reject = 15; add_header = 6; greylist = 4; }}
.include "{near}/{scores}"
"""


def run(rules: Path, messages: Sequence[bytes], work: Path) -> list[frozenset[str]]:
    """The names of the rules in `rules` that meet each message; what Rspamd says is
    written into `work`."""
    rspamd = installed("rspamd", "rspamd")
    with own_folder(_USER) as near:
        config = configuration(rules, near, messages)
        if fault := configtest(config):
            raise EngineError(f"Rspamd refuses the rules: {fault}")
        with _started(rspamd, config, work / "rspamd.log") as address:
            return [_met(address, one) for one in messages]


def configuration(rules: Path, near: Path, messages: Sequence[bytes]) -> Path:
    """A configuration with the rules and nothing else, for these messages."""
    for path in sorted(rules.glob("*.lua")):
        shutil.copyfile(path, near / path.name)
    names = [path.name for path in sorted(rules.glob("*.lua"))]
    (near / "main.lua").write_text(
        "".join(f"dofile('{near}/{name}')\n" for name in names), encoding="utf-8"
    )
    scores = rules / SCORES_FILE
    (near / SCORES_FILE).write_bytes(scores.read_bytes() if scores.is_file() else b"")
    public = _SUFFIXES.read_text(encoding="utf-8").splitlines()
    used = suffixes_in(messages, public)
    (near / "suffixes").write_text("".join(f"{one}\n" for one in used), encoding="utf-8")
    config = near / "rspamd.conf"
    config.write_text(_CONFIG.format(near=near, scores=SCORES_FILE), encoding="utf-8")
    return config


def configtest(config: Path) -> str | None:
    """What Rspamd finds wrong with a configuration; None: nothing."""
    rspamadm = installed("rspamadm", "rspamd")
    done = run_program(
        (rspamadm, "configtest", "-c", str(config)), seconds=_TEST_SECONDS, cwd=config.parent
    )
    lines = [line for line in done.errors.splitlines() if line.strip()]
    if lines:
        return lines[0].strip()
    return None if done.code == 0 else f"exit code {done.code}"


@contextmanager
def _started(rspamd: str, config: Path, log: Path) -> Iterator[str]:
    address = str(config.parent / "rspamd")
    user = ("-u", _USER, "-g", _USER) if is_root() else ()
    command = (rspamd, "-f", "-c", str(config), *user)
    with running_program(command, cwd=config.parent, log=log) as program:
        _await(program, address, log)
        yield address


def _await(program: Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and program.poll() is None:
        with suppress(OSError, HTTPException), closing(_Local(address)) as connection:
            connection.request("GET", "/ping")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.05)
    last = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
    raise EngineError(f"Rspamd does not start: {' '.join(last)}")


class _Local(HTTPConnection):
    """HTTP over a socket of this machine."""

    def __init__(self, address: str) -> None:
        super().__init__("localhost", timeout=_MESSAGE_SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_MESSAGE_SECONDS)
        self.sock.connect(self._address)


def _met(address: str, message: bytes) -> frozenset[str]:
    try:
        with closing(_Local(address)) as connection:
            connection.request("POST", "/checkv2", body=message)
            symbols = json.loads(connection.getresponse().read())["symbols"]
    except (OSError, HTTPException, ValueError, KeyError) as error:
        raise EngineError(f"Rspamd gives no answer: {error!r}") from None
    known = (name_in_report(name) for name in symbols)
    return frozenset(name for name in known if name.startswith("firsthop_") and name.count("_") > 2)

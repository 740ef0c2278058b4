"""Sieve scripts in Dovecot Pigeonhole: `sievec` compiles each, `sieve-filter` runs all
over a Maildir, and the folders it files into are the answer.

Needs:      Debian's dovecot-core and dovecot-sieve (2.3.19). No server is started, no
            socket opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from firsthop.errors import EngineError
from firsthop.investigation.rule_engines.work_folder import Account, engine_folder, give
from firsthop.system.program import Finished, installed, run_program

_PACKAGE = "dovecot-sieve"
_SECONDS = 300.0
_MAIN = "firsthop-main.sieve"


def run(folder: Path, messages: Sequence[bytes], work: Path) -> list[frozenset[str]]:
    """The rules that each message meets."""
    scripts = sorted(folder.glob("*.sieve"))
    with engine_folder(work) as (place, account):
        _prepare(place, scripts, messages, account)
        for script in scripts:
            _must_end_well(_started(place, "sievec", place / "scripts" / script.name))
        if scripts:
            words = ("-e", "-W", place / _MAIN, "INBOX")
            _must_end_well(_started(place, "sieve-filter", *words))
        met = dict(_met(place, [script.stem for script in scripts]))
    return [frozenset(met.get(_key(one), ())) for one in messages]


def _prepare(
    place: Path, scripts: Sequence[Path], messages: Sequence[bytes], account: Account
) -> None:
    for name in ("scripts", "mail/cur", "mail/new", "mail/tmp"):
        (place / name).mkdir(parents=True)
    for script in scripts:
        (place / "scripts" / script.name).write_bytes(script.read_bytes())
    for n, data in enumerate(messages):
        (place / "mail" / "new" / f"{n}.firsthop").write_bytes(data)
    (place / "dovecot.conf").write_text(_configuration(place, account), encoding="utf-8")
    (place / _MAIN).write_text(
        'require "include";\n'
        + "".join(f'include :personal "{script.stem}";\n' for script in scripts),
        encoding="utf-8",
    )
    give(place, account)


def _configuration(place: Path, account: Account) -> str:
    return f"""\
base_dir = {place}/run
mail_location = maildir:{place}/mail
mail_uid = {account.user}
mail_gid = {account.group}
first_valid_uid = 1
log_path = /dev/stderr
ssl = no
protocols =
plugin {{
  sieve_dir = {place}/scripts
}}
"""


def _started(place: Path, program: str, *words: str | Path) -> Finished:
    path = installed(program, _PACKAGE)
    return run_program(
        ("env", f"HOME={place}", "USER=firsthop", path, "-c", place / "dovecot.conf", *words),
        seconds=_SECONDS,
        cwd=place,
    )


def _must_end_well(ended: Finished) -> None:
    if ended.code:
        said = next((line for line in ended.errors.splitlines() if "error" in line), "no reason")
        raise EngineError(f"Dovecot Pigeonhole refuses the scripts: {said.strip()}")


def _met(place: Path, names: Sequence[str]) -> Iterator[tuple[str, set[str]]]:
    """Message to rules, by what lies in the rules' folders."""
    rules: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        for path in (place / "mail" / f".{name}").glob("[nc][eu][wr]/*"):
            rules[_key(path.read_bytes())].add(name)
    yield from rules.items()


def _key(message: bytes) -> str:
    """A message by its content: filed copies have other names, and lines may end
    otherwise in them."""
    return sha256(message.replace(b"\r\n", b"\n")).hexdigest()

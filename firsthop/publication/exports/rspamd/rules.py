"""The files of one campaign's rules for Rspamd: symbols in Lua, and `firsthop.conf`
with their scores.

Form:       names are those of report.json in upper case. A block rule scores 15, at
            which Rspamd rejects by default; a hunt rule 0.1, for it shall be seen and
            decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from firsthop.publication.exports.exporter import Exported, Exporter
from firsthop.publication.exports.rspamd.asked import Asked, why_not
from firsthop.publication.exports.rules.comment import clause_lines, comment_lines
from firsthop.publication.exports.rules.rule import BLOCK, Rule, RuleSet, rules_for
from firsthop.publication.exports.source import ExportSource

SCORES_FILE = "firsthop.conf"
BLOCK_SCORE, HUNT_SCORE = 15.0, 0.1
_INSTALL = (
    "Copy the Lua file and firsthop.conf to /etc/rspamd; in rspamd.local.lua there write",
    "  dofile(rspamd_paths['LOCAL_CONFDIR'] .. '/FILE')   with the name of the Lua file,",
    'in rspamd.conf.local   .include "$LOCAL_CONFDIR/firsthop.conf"',
    "and check with rspamadm configtest: what it writes to standard error counts.",
    f"A block rule scores {BLOCK_SCORE}, at which Rspamd rejects by default; a hunt rule scores",
    f"{HUNT_SCORE}: it marks what to look at, and decides nothing.",
)


def _write(source: ExportSource) -> Exported:
    rules = rules_for(source, why_not)
    name = f"firsthop_{source.campaign.id.replace('-', '_')}"
    head = (*comment_lines(source, rules), *_INSTALL)
    files = {f"{name}.lua": _lua(head, rules, name), SCORES_FILE: _scores(head, rules, name)}
    return Exported({path: _text(lines) for path, lines in files.items()}, rules=rules)


def _text(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _lua(head: tuple[str, ...], rules: RuleSet, name: str) -> Iterator[str]:
    yield from (f"-- {line}" for line in head)
    if not rules.rules:
        return
    asked = Asked()
    written = [line for one in rules.rules for line in _rule(one, asked)]
    yield ""
    yield from _asking()
    yield from ("", "local questions = {")
    yield from (f"  {line}" for line in asked.lines())
    yield from ("}", "", f"register('{name.upper()}', questions, {{")
    yield from (f"  {line}" for line in written)
    yield "})"


def _rule(rule: Rule, asked: Asked) -> Iterator[str]:
    yield from (f"-- {line}" for line in clause_lines(rule))
    yield f"{{name = '{rule.name.upper()}', clauses = {{"
    for clause in rule.clauses:
        numbers = dict.fromkeys(n for one in clause for n in asked.numbers(one.condition))
        yield f"  {{{', '.join(map(str, numbers))}}},"
    yield "}},"


def _scores(head: tuple[str, ...], rules: RuleSet, name: str) -> Iterator[str]:
    yield from (f"# {line}" for line in head)
    if not rules.rules:
        return
    yield from ("", f'group "{name}" {{', "  symbols {")
    for one in rules.rules:
        block = one.strength == BLOCK
        told = f"Campaign {one.campaign}{'' if block else ', to look at only'}"
        score = BLOCK_SCORE if block else HUNT_SCORE
        yield f'    "{one.name.upper()}" {{ weight = {score}; description = "{told}"; }}'
    yield from ("  }", "}")


@cache
def _asking() -> tuple[str, ...]:
    text = Path(__file__).with_name("asking.lua").read_text(encoding="ascii")
    return tuple(text.splitlines())


def name_in_report(name: str) -> str:
    """The name in report.json of a symbol."""
    return name.lower()


RSPAMD = Exporter(
    "rspamd",
    "Rules for Rspamd: symbols in Lua, and their scores.",
    "Rspamd 3.4 (rspamadm configtest, /checkv2)",
    _write,
)

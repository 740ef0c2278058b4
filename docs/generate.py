"""Writes the reference pages from the program, its tables and its checks, and puts real
output where the texts show some.

python -m docs.generate            writes
python -m docs.generate --check    writes nothing, names the pages that differ, exits 1
if there are any"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from docs import containers
from docs.api_page import api_page
from docs.columns_page import columns_page
from docs.exports_page import exports_page
from docs.hypotheses_page import hypotheses_page
from docs.json_page import json_page
from docs.json_schema import DOCUMENTS, schema_of, schema_text
from docs.prose import wrapped
from firsthop.evidence.path.receiver import RECEIVERS, Receiver
from firsthop.evidence.providers.provider_table import Host, Range
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.evidence.received.shape import SHAPES
from firsthop.evidence.timestamp import utc_text
from firsthop.faces.cli import cli
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.rates.base_rates import base_rates
from firsthop.mail.damage import REPAIRS
from firsthop.publication.words import say

ROOT = Path(__file__).parents[1]
NOTE = "<!-- written by `python -m docs.generate`: do not edit -->"
BLOCK = re.compile(
    r"<!-- output: (?P<name>\w+) -->\n(?:\n```text\n.*?^```\n\n<!-- /output -->\n)?",
    re.MULTILINE | re.DOTALL,
)
EXAMPLE = re.compile(
    r"(<!-- example-output -->\n+```text\n).*?(^```\n+<!-- /example-output -->)",
    re.MULTILINE | re.DOTALL,
)
CASE = "case-libero-2014"
COLUMNS = 78  # of the help texts, as click lays them out on a terminal of 80
SECONDS = 300  # for one command; one that hangs is killed
# The commands whose output the tutorial shows; each runs in a folder that holds the
# examples, after the ones before it. Lines beyond `most` are left out.
OUTPUTS: dict[str, tuple[tuple[str, ...], int]] = {
    "trace": (("trace", "examples/libero-2014"), 28),
    "examine": (("examine", "-v", "examples/libero-2014"), 60),
    "investigate": (("investigate", "examples/libero-2014", "-o", CASE), 60),
    "verify": (("verify", CASE), 10),
}


def main() -> int:
    """Writes the pages, or compares them."""
    check = "--check" in sys.argv[1:]
    different = {
        path: page
        for path, page in _pages()
        if page != (path.read_text(encoding="utf-8") if path.exists() else None)
    }
    for path, text in different.items():
        if check:
            sys.stdout.write(f"{path.relative_to(ROOT)} differs: run python -m docs.generate\n")
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if check and different else 0


def _pages() -> Iterator[tuple[Path, str]]:
    """Every page with its text."""
    for path, text in _texts():
        yield path, wrapped(text) if path.suffix == ".md" else text


def _texts() -> Iterator[tuple[Path, str]]:
    shown = _outputs()
    reference = ROOT / "docs" / "reference"
    yield reference / "checks.md", _checks()
    yield reference / "dialects.md", _dialects()
    yield reference / "repairs.md", _repairs()
    yield reference / "receivers.md", receivers_page()
    yield reference / "commands.md", _commands()
    yield reference / "containers.md", _containers()
    yield reference / "json.md", _json_page()
    yield reference / "api.md", _api_page()
    yield reference / "columns.md", columns_page(NOTE)
    yield reference / "hypotheses.md", hypotheses_page(NOTE)
    yield reference / "exports.md", exports_page(NOTE)
    for document in DOCUMENTS:
        yield reference / document.file, schema_text(schema_of(document))
    tutorial = ROOT / "docs" / "tutorial.md"
    yield (
        tutorial,
        BLOCK.sub(
            lambda match: _block(match["name"], shown[match["name"]]),
            tutorial.read_text(encoding="utf-8"),
        ),
    )
    readme = ROOT / "README.md"
    yield (
        readme,
        EXAMPLE.sub(
            lambda match: match[1] + shown["investigate"] + match[2],
            readme.read_text(encoding="utf-8"),
        ),
    )


def _checks() -> str:
    parts = [
        "# Checks",
        "",
        NOTE,
        "",
        (
            "The strengths are counted on the corpora (`python -m benchmarks.base_rates`); "
            "*holds* is how often a mark was seen where the"
        ),
    ]
    parts += [
        (
            "check's hypothesis holds, *fails* where it does not. Bits are log2 of the "
            "likelihood ratio, with (k + 1/2) / (n + 1) for each rate."
        ),
        "",
    ]
    for check in CHECKS:
        parts += [
            f"## {check.name}",
            "",
            f"Question: **{check.question}**",
            "",
            f"- Looks for: {check.looks_for}",
            f"- Why: {check.why}",
        ]
        parts += [f"- False positives: {check.false_positives}", f"- Source: {check.source}", ""]
        if rates := base_rates(check.name):
            parts += ["| mark | holds | fails | bits | counted on |", "|---|---:|---:|---:|---|"]
            for mark, rate in rates.items():
                corpus = say("en", f"corpus.{rate.corpus}")
                parts.append(
                    f"| {mark} | {rate.holds[0]} of {rate.holds[1]} | {rate.fails[0]} of "
                    f"{rate.fails[1]} | {rate.bits:+.1f} | {corpus} |"
                )
            parts.append("")
        elif check.question == "mailer":
            parts += ["Counted mark by mark: [mail clients](mailers.md).", ""]
        else:
            parts += [f"Not counted: its findings carry no weight ({check.not_counted}).", ""]
    return "\n".join(parts)


def _containers() -> str:
    return "\n\n".join(
        ("# What carries what", NOTE, containers.ABOVE, containers.page(), containers.BELOW, "")
    )


def _dialects() -> str:
    parts = [
        "# Dialects of Received lines",
        "",
        NOTE,
        "",
        (
            f"{len(DIALECTS)} tables in `firsthop/evidence/received/dialects/`; those with a "
            f"shape are tested by `line_shape`."
        ),
        "",
    ]
    parts += ["| dialect | software | shape | source |", "|---|---|---|---|"]
    for key, dialect in DIALECTS.items():
        source = " ".join(dialect.source.split()).replace("|", "\\|")
        parts.append(
            f"| {key} | {dialect.mta or '–'} | {'yes' if key in SHAPES else '–'} | {source} |"
        )
    return "\n".join([*parts, ""])


def _repairs() -> str:
    parts = [
        "# Repairs of published text",
        "",
        NOTE,
        "",
        "| repair | what it undoes |",
        "|---|---|",
    ]
    return "\n".join([*parts, *(f"| {name} | {what} |" for name, what in REPAIRS.items()), ""])


RECEIVERS_SAY = """The tables in `firsthop/evidence/path/receivers`: whose servers write
the lines on top of a delivered message. `--own KEY` names all that a table has, and a
host of it, named with `--own`, brings the table in.

A line leads on to the one below it only where its writer is one of these hosts and its client has
one of the *inner* addresses, or where the whole line is of a form in which it can only have come
from a server of the same receiver. Whatever a client says of itself counts nowhere. *Removes
foreign*: whether a sender's own field of that kind is taken out. *Left standing*: a sender's copy
of the field is left in the message, so that its place decides."""


def receivers_page() -> str:
    """The tables of receivers, with sources and what was left out."""
    parts = ["# Receivers", "", NOTE, "", RECEIVERS_SAY]
    for kind, title in (("mailbox", "Mailboxes"), ("gateway", "Gateways"), ("list", "Lists")):
        parts += ["", f"## {title}"]
        for receiver in RECEIVERS.values():
            parts += _receiver(receiver) if receiver.kind == kind else []
    return "\n".join([*parts, ""])


def _receiver(receiver: Receiver) -> Iterator[str]:
    about = f"Key: `{receiver.key}`. {receiver.source}."
    if receiver.provider:
        about += f" Its users' own mail: [{receiver.provider}](providers.md)."
    yield from ("", f"### {receiver.name}", "", about)
    yield from ("", "| what | value | known for | source |", "|---|---|---|---|")
    for what, value, known, source in _receiver_rows(receiver):
        cells = (what, value, known, source)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    if receiver.left_out:
        yield from ("", "Left out:", "", *(f"- {text}" for text in receiver.left_out))


def _receiver_rows(receiver: Receiver) -> Iterator[tuple[str, str, str, str]]:
    for host in receiver.hosts:
        yield "writes", _host(host), _known(host), host.source
    for label in receiver.labels:
        yield "writes", f"`{label.pattern.pattern}`", "", label.source
    for what, ranges in (("inner", receiver.inner), ("writes by", receiver.writing)):
        for one in ranges:
            yield f"{what}, {one.basis}", _networks(one), _known(one), one.source
    for line in receiver.lines:
        yield "leads on", f"`{line.pattern.pattern}`", "", line.source
    for host in receiver.outgoing_hosts:
        yield "hands over", _host(host), _known(host), host.source
    for one in receiver.outgoing:
        yield f"hands over, {one.basis}", _networks(one), _known(one), one.source
    for place in receiver.results:
        bears = f"as `{place.authserv.pattern}`" if place.authserv else "without a name"
        removes = {True: "removes foreign", False: "leaves foreign", None: "removal not known"}
        value = f"{place.field}, {bears}; {removes[place.removes_foreign]}"
        yield f"results {place.place}", value, "", place.source
    for field in receiver.fields:
        stands = {True: "; left standing", False: "; removed", None: ""}[field.outsider]
        value = f"{field.name}: {', '.join(field.pattern.names()) or 'a mark'}{stands}"
        yield f"field {field.place}", value, "", field.source


def _host(host: Host) -> str:
    left = f"`{host.left.pattern}` . " if host.left else ""
    return f"{left}`{host.domain}`"


def _networks(one: Range) -> str:
    return ", ".join(map(str, one.networks))


def _known(entry: Host | Range) -> str:
    """The time for which an entry is known; "" for all of it."""
    start, stop = entry.period
    if start is None and stop is None:
        return ""
    first = "oldest" if start is None else utc_text(start)[:10]
    return f"{first} – {'newest' if stop is None else utc_text(stop - 1)[:10]}"


def _commands() -> str:
    parts = ["# Commands", "", NOTE, ""]
    for command in (
        "",
        "trace",
        "examine",
        "investigate",
        "campaigns",
        "why",
        "match",
        "background add",
        "publish",
        "pack",
        "verify",
        "explain",
    ):
        parts += [
            f"## firsthop {command}".rstrip(),
            "",
            "```text",
            _help(command.split()),
            "```",
            "",
        ]
    return "\n".join(parts)


def _help(command: list[str]) -> str:
    """What --help shows; in this process, which loads the command line once."""
    asked = [*command, "--help"]
    shown = CliRunner().invoke(cli, asked, prog_name="firsthop", terminal_width=COLUMNS)
    return shown.output.rstrip()


def _json_page() -> str:
    printed = _run(["examine", "--json", "-q", "examples/libero-2014"], ROOT)
    return json_page(NOTE, printed.partition("\n")[0])


def _api_page() -> str:
    text = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(ROOT / "examples")
        return api_page(text, Path(folder), ROOT)


def _outputs() -> dict[str, str]:
    """What the commands of OUTPUTS print, in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(ROOT / "examples")
        shown = {}
        for name, (arguments, most) in OUTPUTS.items():
            lines = _run(list(arguments), Path(folder)).splitlines()
            shown[name] = "\n".join(lines[:most] + (["..."] if len(lines) > most else [])) + "\n"
        bulletin = (Path(folder) / CASE / "bulletin.it.md").read_text(encoding="utf-8").splitlines()
        shown["bulletin"] = "\n".join([*bulletin[:24], "..."]) + "\n"
        return shown


def _run(arguments: list[str], folder: Path) -> str:
    environment = os.environ | {"NO_COLOR": "1", "COLUMNS": "100", "PYTHONPATH": str(ROOT)}
    environment["FIRSTHOP_KERNEL"] = "off"  # the journal says which engine read
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "firsthop", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    if ran.stderr:
        raise RuntimeError(f"firsthop {' '.join(arguments)}: {ran.stderr}")
    return ran.stdout


def _block(name: str, text: str) -> str:
    return f"<!-- output: {name} -->\n\n```text\n{text}```\n\n<!-- /output -->\n"


if __name__ == "__main__":
    sys.exit(main())

"""Real JSON is what `docs/reference/*.schema.json` says: no key more, none less, in
their order.

Held against it: the example, the shapes of `tests/cases`, every twentieth message of
the corpora, and made-up messages whose sender wants to break it.
"""

from __future__ import annotations

import json
import shlex
import tomllib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from firsthop.case_file import CaseFile
from firsthop.evidence.authentication.arc.verify import ChainStatus
from firsthop.evidence.authentication.dkim.body import BodyHash
from firsthop.evidence.authentication.dkim.container import SAYS
from firsthop.evidence.authentication.dkim.coverage import NAMES
from firsthop.evidence.authentication.dkim.verify import DkimOutcome as Checked
from firsthop.evidence.authentication.dmarc.organization import Rules
from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import establish
from firsthop.evidence.identity.identities import FieldState
from firsthop.evidence.path.path import Trust
from firsthop.evidence.path.receiving import Basis
from firsthop.evidence.received.hop import KINDS
from firsthop.faces.cli import cli
from firsthop.judgement.examine import examine
from firsthop.judgement.finding import Outcome
from firsthop.judgement.schema import EXAMINE as EXAMINED
from firsthop.mail.message import BodyBytes, Evidence
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_bytes
from firsthop.mail.sources.raw import raw_mail
from firsthop.publication.json.message import (
    examine_line,
    examine_object,
    item_text,
    item_writer,
    json_line,
    trace_line,
    trace_object,
)
from firsthop.settings import OwnServers, own_servers
from tests.publication.schemas import (
    EXAMINE,
    ROOT,
    SCHEMAS,
    TRACE,
    VALIDATORS,
    Form,
    Told,
    faults,
    objects,
    root,
)
from tests.publication.test_contract import (
    MESSAGE,
    QUEUE_IDS,
    RECORDS,
    SUBJECTS,
    TEXTS,
    signed,
    with_queue_id,
    with_results,
    with_subject,
)

OWN = own_servers(["mx.example.com"])
examine_item = item_writer(EXAMINED)
EVERY = 20  # of how many messages of the corpora one is held against the schema


def told_of(data: bytes, name: str, own: OwnServers, store: DnsStore) -> tuple[Told, Told]:
    """What `trace` and `examine` say of one message's bytes, through JSON and back."""
    message = read_mail(raw_mail(data, name, "eml"))
    facts = establish(message, own, store)
    examination = examine(facts, CaseFile())
    traced, examined = trace_line(facts), examine_line(examination)
    assert traced == json_line(trace_object(facts))
    assert examined == json_line(examine_object(examination))
    assert examine_item(examination) == item_text(examine_object(examination))
    return json.loads(traced), json.loads(examined)


def lines_of(*arguments: str) -> list[Told]:
    shown = CliRunner().invoke(cli, [*arguments, "--json", "-q"])
    assert shown.exit_code == 0, shown.output
    return [json.loads(line) for line in shown.stdout.splitlines()]


@cache
def of_example(command: str) -> Sequence[Told]:
    return lines_of(command, str(ROOT / "examples" / "libero-2014"))


FILES = sorted((ROOT / "tests" / "cases").glob("*/*"))
INPUTS = [path for path in FILES if path.suffix in (".eml", ".msg")]


def of_case(path: Path) -> list[Told]:
    """What `examine` says of a case's input, with the case's options."""
    args = path.parent / "args.txt"
    options = shlex.split(args.read_text(encoding="utf-8")) if args.exists() else []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path.parent)
        return lines_of("examine", path.name, *options)


@pytest.fixture(scope="module")
def of_corpora(corpus_messages: Path) -> list[tuple[Told, Told]]:
    rows = (corpus_messages / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]
    paths = [row.partition("\t")[0] for row in rows[::EVERY]]
    own = OwnServers(assume=True)
    nothing = DnsStore()
    return [told_of((corpus_messages / path).read_bytes(), path, own, nothing) for path in paths]


def test_the_example() -> None:
    traced, examined = of_example("trace"), of_example("examine")
    assert len(traced) == len(examined) == 7
    assert [faults(one, TRACE) for one in traced] == [[]] * 7
    assert [faults(one, EXAMINE) for one in examined] == [[]] * 7


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_cases(path: Path) -> None:
    assert [fault for one in of_case(path) for fault in faults(one, EXAMINE)] == []


def test_the_corpora(of_corpora: list[tuple[Told, Told]]) -> None:
    found = {}
    for traced, examined in of_corpora:
        assert list(traced.items()) == list(examined.items())[: len(traced)]
        if told := faults(examined, EXAMINE):
            found[examined["source"]["uri"]] = told
    assert found == {}


HOSTILE = [
    *map(with_subject, SUBJECTS),
    *(with_queue_id(one, mta) for one in QUEUE_IDS for mta in (b"Postfix", b"Exim 4.99")),
    *map(with_results, TEXTS),
    MESSAGE.replace(b"Thu, 29 May 2014 14:18:30 +0200", b"yesterday"),
    MESSAGE.replace(b"<Mario@Example.org>", b"<@>").replace(b"<abc@example.org>", b"<@>"),
    b"From:\nReceived:\nDate:\nReply-To: \nDKIM-Signature:\nARC-Seal:\nAuthentication-Results:\n",
    b"\x00\r",
    b"",
]


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_messages(data: bytes) -> None:
    traced, examined = told_of(data, "hostile.eml", OWN, DnsStore())
    assert [*faults(traced, TRACE), *faults(examined, EXAMINE)] == []


def test_a_message_with_recorded_answers() -> None:
    store = store_of(RECORDS, 1_401_365_918, "test")
    data = signed().replace(b"99999999999999999999", b"1401365910")
    _, examined = told_of(data, "signed.eml", OWN, store)
    assert faults(examined, EXAMINE) == []


def test_a_signature_of_a_time_beyond_64_bits() -> None:
    _, examined = told_of(signed(), "signed.eml", OWN, DnsStore())
    assert faults(examined, EXAMINE) == []


def test_a_text_as_pasted() -> None:
    mail = next(one for one in read_bytes(MESSAGE, "pasted.txt") if isinstance(one, RawMail))
    facts = establish(read_mail(mail), OwnServers())
    assert faults(json.loads(examine_line(examine(facts, CaseFile()))), EXAMINE) == []


def test_a_key_that_was_forgotten_is_found() -> None:
    (line, *_) = of_example("examine")
    for number, _ in enumerate(objects(line, root(EXAMINE))):
        changed = deepcopy(line)
        one, _ = list(objects(changed, root(EXAMINE)))[number]
        one["forgotten"] = 1
        assert not VALIDATORS[EXAMINE].is_valid(changed)


def definitions() -> Iterator[Form]:
    """Every object of the two schemas."""
    for file, schema in SCHEMAS.items():
        yield from (Form(file, name, one) for name, one in schema["$defs"].items())
    yield root(EXAMINE)


@pytest.mark.parametrize("file", SCHEMAS)
def test_the_schemas_are_schemas(file: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[file])


def test_every_object_is_closed_and_every_key_required_and_described() -> None:
    for form in definitions():
        assert form.schema["description"].endswith("."), form.name
        told = form.schema.get("properties")
        if told is None:
            continue
        optional = {"reason", "rests_on"} if form.name == "verdict" else set()
        assert set(form.schema["required"]) == set(told) - optional, form.name
        closed = None if form.name in ("message", "examine") else False  # those: at the root
        assert form.schema.get("additionalProperties") is closed, form.name
        for key, schema in told.items():
            assert schema["description"].endswith("."), f"{form.name}.{key}"
            assert ". " not in schema["description"], f"{form.name}.{key}: one sentence"
    whole = [schema for schema in SCHEMAS.values() if schema.get("type") != "array"]
    assert [schema["unevaluatedProperties"] for schema in whole] == [False] * 4


# What nothing in the example, the cases and the sample of the corpora has, and why.
RARE = {
    "arc.as_of": "no key of a sealer is recorded there",
    "arc.oldest_pass": "nor does a chain pass without",
    "dkim.repairs": "2 messages of the corpora have a repair, neither is in the sample",
    "hop.notes": "the 37,240 lines of the corpora have 47 notes",
    "mailbox.value_lost": "a published From whose address was eaten",
    "service_account.message": "none of the sample came by Postmark",
    "spf.explanation": "no record among the recorded answers gives one",
    "vouching.gateway": "a gateway that hands over by its own address",
}


def test_every_key_occurs(of_corpora: list[tuple[Told, Told]]) -> None:
    lines = [*of_example("examine"), *(one for path in INPUTS for one in of_case(path))]
    lines += [examined for _, examined in of_corpora]
    seen = {
        f"{known[key].name}.{key}"
        for line in lines
        for one, known in objects(line, root(EXAMINE))
        for key, value in one.items()
        if value not in (None, [])
    }
    judged = [form for form in definitions() if form.file in (TRACE, EXAMINE)]
    told = [(form.name, form.schema.get("properties", {})) for form in judged]
    defined = {f"{name}.{key}" for name, keys in told for key in keys}
    assert defined - seen == set(RARE)


def words(file: str, name: str, key: str | None = None) -> list[str]:
    """The words of a closed vocabulary."""
    schema = SCHEMAS[file]["$defs"][name]
    schema = schema if key is None else schema["properties"][key]
    found: list[str] = schema["enum"] if "enum" in schema else schema["items"]["enum"]
    return found


@pytest.mark.parametrize(
    ("file", "name", "key", "known"),
    [
        (TRACE, "trust", None, Trust),
        (TRACE, "basis", None, Basis),
        (TRACE, "claim", "state", FieldState),
        (TRACE, "source", "evidence", Evidence),
        (TRACE, "source", "body_bytes", BodyBytes),
        (TRACE, "hop", "kind", KINDS),
        (EXAMINE, "dkim", "outcome", Checked),
        (EXAMINE, "dkim", "body", BodyHash),
        (EXAMINE, "dkim", "repairs", SAYS),
        (EXAMINE, "coverage", "unsigned", NAMES),
        (EXAMINE, "coverage", "added", NAMES),
        (EXAMINE, "arc", "status", ChainStatus),
        (EXAMINE, "dmarc", "rules", Rules),
        (EXAMINE, "finding", "outcome", Outcome),
    ],
)
def test_a_vocabulary_is_the_programs(file: str, name: str, key: str | None, known: Any) -> None:
    assert words(file, name, key) == [str(word) for word in known]


def test_every_reason_of_an_answer_can_be_said() -> None:
    text = (ROOT / "firsthop" / "publication" / "words" / "en.toml").read_text(encoding="utf-8")
    why = tomllib.loads(text)["opening"]["why"]
    assert set(words(EXAMINE, "sender_answer")) == set(why)
    said = {key for answer, keys in why.items() if answer != "authorised" for key in keys}
    assert set(words(EXAMINE, "verdict", "reason")) == {*said, "vouched", "departed"}

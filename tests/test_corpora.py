"""The whole of the corpora: nothing is lost, nothing raises, every hop keeps
its line."""

from pathlib import Path

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import establish
from firsthop.judgement.examine import examine
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.publication.json.message import examine_line
from firsthop.settings import OwnServers, own_servers

OWN = own_servers((".slashnull.org", ".protection.outlook.com", "vger.kernel.org", ".example.com"))


def test_every_message_comes_back_whole_and_is_judged(corpus_messages: Path) -> None:
    manifest = (corpus_messages / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(manifest) == 7_664
    for number, row in enumerate(manifest):
        path = row.partition("\t")[0]
        data = (corpus_messages / path).read_bytes()
        message = read_mail(raw_mail(data, path, "eml"))
        assert (
            b"".join(field.raw for field in message.fields) + message.separator + message.body
            == data
        ), path
        facts = establish(message, OWN if number % 2 else OwnServers())
        assert [step.hop.raw for step in facts.path.steps] == [
            field.value for field in message.all("received")
        ], path
        if number % 5 == 0:
            examine_line(examine(facts, CaseFile()))

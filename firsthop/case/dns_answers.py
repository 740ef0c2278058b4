"""The DNS evidence of a case, `dns.jsonl`: every answer that a judgement looked at, one
a line, in an order that does not depend on when it was asked for.

Keeps:      what an earlier run of the case recorded, and what this run used; a failed
            question only until somebody has the answer.
Never:      asks the DNS. A store that asks is handed in by a face and is merged with
            the case's answers like any other.
Raises:     CaseError where the file is not the one the journal names: changed evidence
            is never judged by and never sealed anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from firsthop.case.journal import JOURNAL, read_journal
from firsthop.errors import CaseError
from firsthop.evidence.dns.recorded import read_answers, write_answers
from firsthop.evidence.dns.store import Answer, DnsStore, Missing, dns_store, question
from firsthop.system.given_file import in_utf8

DNS_ANSWERS = "dns.jsonl"


@dataclass(frozen=True, slots=True)
class RecordingStore(DnsStore):
    """A store that notes which answers of another one were looked at, each under the
    question that was asked."""

    inner: DnsStore = field(default_factory=DnsStore)
    used: set[Answer] = field(default_factory=set)

    @property
    def empty(self) -> bool:
        """Whether the other store is."""
        return self.inner.empty

    def ask(self, name: str, rtype: str, at: int | None = None) -> Answer | Missing:
        """The answer of the other store."""
        answer = self.inner.ask(name, rtype, at)
        if isinstance(answer, Answer):
            asked = question(name, rtype)
            self.used.add(answer._replace(name=asked.name, rtype=asked.rtype))
        return answer


def merged(store: DnsStore, answers: Iterable[Answer]) -> DnsStore:
    """The store with more answers; what kind of store it is stays as it was."""
    known = [answer for of_question in store.answers.values() for answer in of_question]
    return replace(store, answers=dns_store([*known, *answers]).answers)


def case_answers(case: Path) -> tuple[Answer, ...]:
    """The answers that a case folder holds; none where there is no case yet."""
    path, journal = case / DNS_ANSWERS, case / JOURNAL
    if not path.exists() or not journal.is_file():
        return ()
    data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
    entries = read_journal(journal.read_bytes()).entries
    sealed = {file.name: file.sha256 for file in entries[-1].files} if entries else {}
    if sealed.get(DNS_ANSWERS) != hashlib.sha256(data).hexdigest():
        raise CaseError(
            f"{path}: not the file that the journal names; move it away, and give what you "
            f"believe of it as DNS answers"
        )
    return read_answers_text(data, str(path))


def read_answers_text(data: bytes, where: str) -> tuple[Answer, ...]:
    """The answers in the bytes of a file of JSON lines. SettingsError names the line
    that cannot be used."""
    return read_answers(in_utf8(data, where).split("\n"), where)


def answers_text(answers: Iterable[Answer]) -> str:
    """The answers as JSON lines by name, type and time: one line for what several tell
    alike, no failed question where there is an answer."""
    kept = {
        (a.name, a.rtype, a.as_of, a.rcode, a.records): a
        for a in sorted(answers, key=lambda a: a.source, reverse=True)
    }
    answered = {(a.name, a.rtype) for a in kept.values() if not a.failed}
    chosen = (kept[key] for key in sorted(kept))
    return write_answers(a for a in chosen if not a.failed or (a.name, a.rtype) not in answered)

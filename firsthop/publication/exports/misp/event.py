"""The format misp: an event with what was observed, the messages, and the weighed
causes, as the JSON that MISP imports.

Promises:   identifiers come from content, times from the case.
Never:      tags more than the verdicts carry: a sender is called forged where messages
            did not leave its provider, and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firsthop.campaign.causes.measure import grade_of
from firsthop.evidence.timestamp import utc_text
from firsthop.judgement.hypotheses.icd203 import Likelihood
from firsthop.judgement.hypotheses.weighed import WeighedQuestion
from firsthop.publication.exports.dates import dated
from firsthop.publication.exports.exporter import Exported, Exporter, Gap
from firsthop.publication.exports.identifiers import identifier
from firsthop.publication.exports.misp.attributes import attributes
from firsthop.publication.exports.misp.emails import emails
from firsthop.publication.exports.misp.objects import Attribute, Json, tags
from firsthop.publication.exports.observed import observed, refusals
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.exports.spoofing import forged
from firsthop.publication.exports.title import title
from firsthop.publication.json.message import json_text
from firsthop.publication.words import say

# 0: the organisation alone, 1: its community, 2: communities beside it, 3: everybody
_DISTRIBUTION = {"RED": "0", "AMBER+STRICT": "0", "AMBER": "1", "GREEN": "2", "CLEAR": "3"}
_SPAM = 'rsit:abusive-content="spam"'
_FORGED = (
    'rsit:fraud="masquerade"',
    'phishing:techniques="email-spoofing"',
    # of ATT&CK 17 and 18; T1684.002 since
    'misp-galaxy:mitre-attack-pattern="Email Spoofing - T1672"',
)
_NOT_FORGED = "no message's verdict says that its sender is forged"
_LIKELIHOOD = 'estimative-language:likelihood-probability="{}"'
_CONFIDENCE = 'estimative-language:confidence-in-analytic-judgment="{}"'


def write(source: ExportSource) -> Exported:
    """The event."""
    told = observed(source)
    at = str(dated(source))
    seen, unformed = attributes(source, told)
    mails = emails(source)
    made = (*seen, *_causes(source))
    gaps = [*unformed, *mails.gaps, *refusals(told)]
    if not forged(source):
        gaps += [Gap(f"tag {name}", _NOT_FORGED) for name in _FORGED]
    event: dict[str, Json] = {
        **_head(source, at),
        "Tag": tags(list(_tags(source))),
        "Attribute": [one.as_json(at) for one in made],
        "Object": [one.as_json(at) for one in mails.emails],
    }
    text = json_text({"Event": event})
    return Exported({f"{source.campaign.id}.json": text.encode("ascii")}, tuple(gaps))


def _head(source: ExportSource, at: str) -> dict[str, Json]:
    case_file = source.investigation.case_file
    return {
        "uuid": identifier(source, "misp", "event"),
        "info": f"{title(source)} ({source.campaign.id})",
        "date": utc_text(int(at))[:10],
        "timestamp": at,
        "threat_level_id": "4",  # undefined: nothing here measures it
        "analysis": "2",  # completed
        "distribution": _DISTRIBUTION[source.tlp],
        "published": False,
        "Orgc": {
            "name": case_file.organisation or case_file.author or "publisher not named",
            "uuid": identifier(source, "misp", "publisher"),
        },
    }


def _tags(source: ExportSource) -> Iterator[str]:
    evidence = Counter(one.evidence for one in source.summaries)
    grade = grade_of(evidence, source.investigation.case_file)
    yield f"tlp:{source.tlp.lower()}"
    yield _SPAM
    if forged(source):
        yield from _FORGED
    yield f'admiralty-scale:source-reliability="{grade[0].lower()}"'
    yield f'admiralty-scale:information-credibility="{grade[1]}"'


def _causes(source: ExportSource) -> Iterator[Attribute]:
    """Each rival answer with its word of likelihood, and how well founded the outcome
    is apart from it. What was weighed is the whole case."""
    for question in source.investigation.hypotheses:
        about = say("en", f"hypotheses.question.{question.key}")
        for answer in question.answers:
            said = {"answer": say("en", f"hypotheses.answer.{question.key}.{answer.key}")}
            text = say("en", f"hypotheses.outcome.{answer.likelihood}", said)
            word = _LIKELIHOOD.format(_expression(answer.likelihood))
            yield _said(source, f"{question.key}.{answer.key}", text, about, (word,))
        yield _outcome(source, question, about)


def _outcome(source: ExportSource, question: WeighedQuestion, about: str) -> Attribute:
    if not question.decided:
        return _said(source, question.key, say("en", "hypotheses.open"), about, ())
    single = "_single" if question.turning else ""
    text = say("en", f"hypotheses.confidence.{question.confidence}{single}")
    word = _CONFIDENCE.format(question.confidence)
    return _said(source, question.key, text, about, (word,))


def _said(
    source: ExportSource, name: str, text: str, about: str, words: tuple[str, ...]
) -> Attribute:
    return Attribute(
        identifier(source, "misp", "cause", name),
        "text",
        "Other",
        f"{about} {text}",
        to_ids=False,
        comment="Weighed over all messages of the case.",
        correlates=False,
        tags=words,
    )


def _expression(likelihood: Likelihood) -> str:
    word = likelihood.value.replace("_", "-")
    return "roughly-even-chance" if likelihood is Likelihood.ROUGHLY_EVEN else word


MISP = Exporter(
    "misp",
    "A MISP event: what was observed, the messages as email objects, weighed causes.",
    "PyMISP and its object templates",
    write,
)

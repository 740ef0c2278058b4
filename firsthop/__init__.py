"""firsthop: reads the true path of reported mail, judges who is forged, finds the
campaigns in a heap, writes the bulletin.

    from firsthop import Skipped, examine, investigate, publish, read, trace

    for message in read(["reported/"]):       # Message, or Skipped with its reason
        if not isinstance(message, Skipped):
            facts = trace(message)            # the hops, and who vouches for them
            judged = examine(facts)           # findings and verdicts
    investigate(["reported/"], Path("case"))  # a case folder: facts, bulletins, journal
    publish(Path("case"), Path("out"), tlp="CLEAR")  # what of it may go out

Malformed mail never raises. FirsthopError is raised for what the operator, a table or
the machine did wrong (firsthop.errors). Each name is loaded when it is first asked for
(PEP 562), so that the import itself costs nothing; what is not in `__all__` is no
promise.
"""

TYPE_CHECKING = False  # as type checkers know it; `typing` itself takes longer to load than we do

if TYPE_CHECKING:
    from firsthop.api import examine, read, trace
    from firsthop.campaign.clustering.chance import ChanceRate
    from firsthop.campaign.explain.campaign import Campaign, Campaigns
    from firsthop.campaign.explain.method import BackgroundSource, MethodSummary
    from firsthop.campaign.explain.origins import Country, Origin, Origins
    from firsthop.campaign.first_hops.first_trace import FirstTrace
    from firsthop.campaign.first_hops.postfix_spool import SpoolId, SpoolPair
    from firsthop.campaign.first_hops.recurrence import Group
    from firsthop.campaign.first_hops.summary import MessageSummary
    from firsthop.campaign.investigation import Investigation
    from firsthop.campaign.signature.atoms import Atom
    from firsthop.campaign.signature.signature import Rate, Signature
    from firsthop.case.journal import Replaced
    from firsthop.case_file import Asserted, CaseFile
    from firsthop.errors import (
        CaseError,
        EngineError,
        FirsthopError,
        LeftoverError,
        NoMailError,
        SettingsError,
        TableError,
        WorkerError,
    )
    from firsthop.evidence.authentication.arc.verify import ArcResult
    from firsthop.evidence.authentication.check import Authentication
    from firsthop.evidence.authentication.dkim.verify import DkimResult
    from firsthop.evidence.authentication.dmarc.evaluate import DmarcResult
    from firsthop.evidence.authentication.results import AuthenticationResult
    from firsthop.evidence.authentication.spf.evaluate import SpfResult
    from firsthop.evidence.authentication.vouching import Refusal, Voucher, Vouching
    from firsthop.evidence.content import Attachment, Content
    from firsthop.evidence.dns.store import Answer, DnsStore, Zone
    from firsthop.evidence.facts import MessageFacts
    from firsthop.evidence.host.places import Place, PlaceData
    from firsthop.evidence.identity.author import Author
    from firsthop.evidence.identity.identities import Claim, FieldState
    from firsthop.evidence.identity.mailbox import Mailbox
    from firsthop.evidence.mailers.traces import Traces
    from firsthop.evidence.path.indirect import Sign
    from firsthop.evidence.path.path import Boundary, Path, Step, Trust
    from firsthop.evidence.path.receiving import Basis, Receiving
    from firsthop.evidence.path.trace_fields import TraceField
    from firsthop.evidence.providers.provider import Provider
    from firsthop.evidence.received.hop import Hop
    from firsthop.evidence.received.queue_id import QueueId
    from firsthop.evidence.roles import Identity
    from firsthop.evidence.sender_part import SenderPart
    from firsthop.evidence.services.account import ServiceAccount
    from firsthop.evidence.timestamp import Stamp
    from firsthop.investigation.investigate import InvestigationResult, investigate
    from firsthop.investigation.publish import Publication, publish
    from firsthop.judgement.examine import Examination
    from firsthop.judgement.finding import BaseRate, Finding, Observation, Outcome, Verdict
    from firsthop.judgement.hypotheses.weighed import WeighedQuestion
    from firsthop.mail.message import BodyBytes, Defect, Evidence, Field, Message, Source, Span
    from firsthop.mail.sources.raw import Skipped
    from firsthop.publication.redaction.scan.scan import Find
    from firsthop.settings import Audience, OwnServers, Settings
    from firsthop.statements import Statement
    from firsthop.system.progress import Progress

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "ArcResult",
    "Asserted",
    "Atom",
    "Attachment",
    "Audience",
    "Authentication",
    "AuthenticationResult",
    "Author",
    "BackgroundSource",
    "BaseRate",
    "Basis",
    "BodyBytes",
    "Boundary",
    "Campaign",
    "Campaigns",
    "CaseError",
    "CaseFile",
    "ChanceRate",
    "Claim",
    "Content",
    "Country",
    "Defect",
    "DkimResult",
    "DmarcResult",
    "DnsStore",
    "EngineError",
    "Evidence",
    "Examination",
    "Field",
    "FieldState",
    "Find",
    "Finding",
    "FirstTrace",
    "FirsthopError",
    "Group",
    "Hop",
    "Identity",
    "Investigation",
    "InvestigationResult",
    "LeftoverError",
    "Mailbox",
    "Message",
    "MessageFacts",
    "MessageSummary",
    "MethodSummary",
    "NoMailError",
    "Observation",
    "Origin",
    "Origins",
    "Outcome",
    "OwnServers",
    "Path",
    "Place",
    "PlaceData",
    "Progress",
    "Provider",
    "Publication",
    "QueueId",
    "Rate",
    "Receiving",
    "Refusal",
    "Replaced",
    "SenderPart",
    "ServiceAccount",
    "Settings",
    "SettingsError",
    "Sign",
    "Signature",
    "Skipped",
    "Source",
    "Span",
    "SpfResult",
    "SpoolId",
    "SpoolPair",
    "Stamp",
    "Statement",
    "Step",
    "TableError",
    "TraceField",
    "Traces",
    "Trust",
    "Verdict",
    "Voucher",
    "Vouching",
    "WeighedQuestion",
    "WorkerError",
    "Zone",
    "__version__",
    "examine",
    "investigate",
    "publish",
    "read",
    "trace",
]

# module: the public names that stand in it
_HOMES = {
    "firsthop.api": "examine read trace",
    "firsthop.campaign.clustering.chance": "ChanceRate",
    "firsthop.campaign.explain.campaign": "Campaign Campaigns",
    "firsthop.campaign.explain.method": "BackgroundSource MethodSummary",
    "firsthop.campaign.explain.origins": "Country Origin Origins",
    "firsthop.campaign.first_hops.first_trace": "FirstTrace",
    "firsthop.campaign.first_hops.postfix_spool": "SpoolId SpoolPair",
    "firsthop.campaign.first_hops.recurrence": "Group",
    "firsthop.campaign.first_hops.summary": "MessageSummary",
    "firsthop.campaign.investigation": "Investigation",
    "firsthop.campaign.signature.atoms": "Atom",
    "firsthop.campaign.signature.signature": "Rate Signature",
    "firsthop.case.journal": "Replaced",
    "firsthop.case_file": "Asserted CaseFile",
    "firsthop.errors": (
        "CaseError EngineError FirsthopError LeftoverError NoMailError SettingsError TableError "
        "WorkerError"
    ),
    "firsthop.evidence.authentication.arc.verify": "ArcResult",
    "firsthop.evidence.authentication.check": "Authentication",
    "firsthop.evidence.authentication.dkim.verify": "DkimResult",
    "firsthop.evidence.authentication.dmarc.evaluate": "DmarcResult",
    "firsthop.evidence.authentication.results": "AuthenticationResult",
    "firsthop.evidence.authentication.spf.evaluate": "SpfResult",
    "firsthop.evidence.authentication.vouching": "Refusal Voucher Vouching",
    "firsthop.evidence.content": "Attachment Content",
    "firsthop.evidence.dns.store": "Answer DnsStore Zone",
    "firsthop.evidence.facts": "MessageFacts",
    "firsthop.evidence.host.places": "Place PlaceData",
    "firsthop.evidence.identity.author": "Author",
    "firsthop.evidence.identity.identities": "Claim FieldState",
    "firsthop.evidence.identity.mailbox": "Mailbox",
    "firsthop.evidence.mailers.traces": "Traces",
    "firsthop.evidence.path.indirect": "Sign",
    "firsthop.evidence.path.path": "Boundary Path Step Trust",
    "firsthop.evidence.path.receiving": "Basis Receiving",
    "firsthop.evidence.path.trace_fields": "TraceField",
    "firsthop.evidence.providers.provider": "Provider",
    "firsthop.evidence.received.hop": "Hop",
    "firsthop.evidence.received.queue_id": "QueueId",
    "firsthop.evidence.roles": "Identity",
    "firsthop.evidence.sender_part": "SenderPart",
    "firsthop.evidence.services.account": "ServiceAccount",
    "firsthop.evidence.timestamp": "Stamp",
    "firsthop.investigation.investigate": "InvestigationResult investigate",
    "firsthop.investigation.publish": "Publication publish",
    "firsthop.judgement.examine": "Examination",
    "firsthop.judgement.finding": "BaseRate Finding Observation Outcome Verdict",
    "firsthop.judgement.hypotheses.weighed": "WeighedQuestion",
    "firsthop.mail.message": "BodyBytes Defect Evidence Field Message Source Span",
    "firsthop.mail.sources.raw": "Skipped",
    "firsthop.publication.redaction.scan.scan": "Find",
    "firsthop.settings": "Audience OwnServers Settings",
    "firsthop.statements": "Statement",
    "firsthop.system.progress": "Progress",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}

if not TYPE_CHECKING:  # or a checker would take any name for one of ours

    def __getattr__(name):
        """A public name, loaded now and kept."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        globals()[name] = value = getattr(import_module(_HOME[name]), name)
        return value


def __dir__() -> list[str]:
    """The public names, those not loaded yet included."""
    return sorted({*globals(), *__all__})


del TYPE_CHECKING

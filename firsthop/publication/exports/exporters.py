"""The formats that a campaign is exported to, in the order of `--help`. A new one is a
module with a function from an ExportSource to Exported, and one entry here."""

from __future__ import annotations

from firsthop.publication.exports.arf.drafts import ARF
from firsthop.publication.exports.blocklist import BLOCKLIST
from firsthop.publication.exports.csv import CSV
from firsthop.publication.exports.dossier import DOSSIER
from firsthop.publication.exports.exchange.rules import EXCHANGE
from firsthop.publication.exports.exim.writer import EXIM
from firsthop.publication.exports.exporter import Exporter
from firsthop.publication.exports.gmail import GMAIL
from firsthop.publication.exports.jsonl import JSONL
from firsthop.publication.exports.kql import KQL
from firsthop.publication.exports.misp.event import MISP
from firsthop.publication.exports.postfix.writer import POSTFIX
from firsthop.publication.exports.rspamd.rules import RSPAMD
from firsthop.publication.exports.sieve.writer import SIEVE
from firsthop.publication.exports.sigma.rules import SIGMA
from firsthop.publication.exports.spamassassin.rules import SPAMASSASSIN
from firsthop.publication.exports.stix.bundle import STIX
from firsthop.publication.exports.xarf import XARF
from firsthop.publication.exports.yara.rules import YARA

_ALL: tuple[Exporter, ...] = (
    *(SPAMASSASSIN, RSPAMD, POSTFIX, SIEVE, EXIM, YARA, SIGMA, KQL, EXCHANGE, GMAIL),
    *(STIX, MISP, CSV, JSONL, BLOCKLIST),
    *(ARF, XARF, DOSSIER),
)
EXPORTERS = {one.name: one for one in _ALL}

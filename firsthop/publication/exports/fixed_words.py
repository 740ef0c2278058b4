"""What the formats of exports say of themselves whatever the campaign: the keys and
words of their specifications, and this program's own explanations. Somebody may be
called so, or have it in a link; no file of the format can do without it.

tests/exports/test_fixed_words.py holds it against what the formats write.
"""

from __future__ import annotations

FIXED_WORDS = """
stix bundle type spec id ref refs object objects created modified by lang marking
definition name extension extensions property tlp identity class attack pattern external
reference references source description campaign aliases first last seen infrastructure
types consists of until valid from indicator indicates version malicious activity matches observed
observed data number email message addr multipart is domain value ipv note abstract content
opinion explanation strongly disagree agree neutral confidence report published
relationship target targets uses clustered claims limits hypothesis comes individual
organization attacker belong openness writers mitre spoofing unknown
misp event info date threat level analysis distribution timestamp orgc tag attribute uuid
category correlation disable relation template meta comment network payload delivery
hostname reply to ids src text other information describing with rsit abusive spam fraud
masquerade phishing techniques galaxy estimative language likelihood probability analytic
judgment admiralty scale reliability credibility demands verdict picture worth
claimed origin envelope hunt block never stops take mailboxes red
decoded features microseconds null pid possible short
arrival encoding feedback incidents multipart printable quoted reporter transfer unsent
abuse mime user agent ip charset boundary utf
mon tue wed thu fri sat sun
access allof anchor ascii assert audit blank bound boxes callback casemap chain changes
classes clauses comparator condition confdir config configtest create currentcolor
decodes delivered describe detection documented dofile emailattachmentinfo emailevents
emailurlinfo encoded endif enforce engine error experimental exports expression extend
falsepositives fetched fieldref fileinto function headercontainsmessageheader
headercontainswords headermatchesmessageheader headermatchespatterns https images
include insert instead ipairs label likeness logsource match medium mempool milter
narrowly needed nested networkmessageid nocase octet octets oneline opacity parse parsed
parties patterns phrases position powershell predicate prepend product protocols
quarantine quarantines questions refuse regex regexp registers reject
rejectmessagereasontext rejects reload remove reports require restrictions rspamadm
rspamd rules rxquote score scores searched senderdisplayname senderfromaddress
setauditseverity setheadername setheadervalue shell signs smtpd spamassassin spamd start
startswith strcat string strings stroke struct suffix symbol symbols tabindex texthash
texts transportrule undecoded unfolded variables viewbox virtual wider takes anyof
internetmessageid subjectmatchespatterns additional rawbody returnpath
senderipranges sendermailfromaddress
"""

"""What a server writes behind its "by", and where the sender's words stand in it:
reverse-path and recipient (RFC 5321 sections 4.1.1.2 and 4.1.1.3), which may hold
anything in quotes, and with some servers without.

Only places are told. Beside the sender's words there is no second "by", no sign that is
not closed, no quoted word: what does not fit is none of a server's line.
"""

from __future__ import annotations

import re

MAX_PATHS = 4  # reverse-path, recipient, the recipient as first given, an id
_PATH = r'<(?:[^\s<>"()\\]*|"(?:[^"\\]|\\.)*"[^\s<>"()]*)>'
_INNER = rf'(?:(?!\sby\s)[^()<>"]|{_PATH}|"(?:[^"\\]|\\.)*")'
_COMMENT = rf"\((?:{_INNER}|\((?:{_INNER}|\({_INNER}*\))*\))*\)"
_SAYS = r"(?:envelope[- ](?:from|sender)|original mail from|sender|mailfrom:|ORCPT)"
_BEFORE = r'(?:over [\w+-]+, [^",()]+, )?'  # chasquid says more in one note
_OPEN = rf"(?:\({_BEFORE}{_SAYS}|(?:from|id|envelope-from)\s+<|for\s)"
_WORD = r'(?!(?i:by(?!\s+uid\s)|from)(?:\s|$))[^\s()<>\[\]",;\\]+'
_TOKEN = (
    rf'(?:{_PATH}|<{_PATH}>|{_COMMENT}|\([^()<>\[\]"]*\)|\[[^\[\]()<>]*\]|'
    rf"(?i:from)\s+(?={_PATH})|MailboxResubmission\s+by\s|{_WORD}|[,;\s])"
)
_SERVERS = rf"(?:(?!{_OPEN}){_TOKEN})*+"
_HELD = (
    rf'(?:\({_BEFORE}{_SAYS}\s?(?:"(?P<quotedN>HOLE)"|<?<(?P<pathN>HOLE)>>?|(?P<bareN>HOLE))'
    r"(?:, uid \d+)?\)|"
    r"(?:for|from|id|envelope-from)\s+<?<(?P<angledN>HOLE)>|"
    r"for\s+(?P<bare_forN>(?!<)HOLE)(?=\s*[;(]|$))"
)


def _behind(hole: str) -> re.Pattern[str]:
    held = [_HELD.replace("N>", f"{n}>").replace("HOLE", hole) for n in range(MAX_PATHS)]
    text = "".join(f"(?:{one}{_SERVERS}" for one in held) + ")?" * MAX_PATHS
    return re.compile(rf"by\s{_SERVERS}{text}", re.DOTALL | re.IGNORECASE)


SHORTEST = _behind(".*?")  # of the sender's words as little as can be
LONGEST = _behind(".*")

"""Attacks on `publish`: victims planted into real mail in every place where a name can
stand, each written in every way that a sender can think of, and a search through what
comes out.

    python -m benchmarks.leaks [N] [TLP]     plants into N mails (default 200) of the
    corpora, investigates them, publishes at that level (CLEAR), prints what leaked

Each victim is a recipient of the mail that names it, so the case knows them. Three
copies of a mail differ as mail of one campaign does, so that what names the victim
becomes an element of a signature where it can. The search shares no code with that of
`publish`: it writes each name in each encoding and looks for that text."""

from __future__ import annotations

import base64
import codecs
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

from benchmarks.corpora import messages
from firsthop.investigation.investigate import investigate
from firsthop.investigation.publish import Publication, publish

COPIES = 3
LARGEST = 60_000  # bytes of a mail that is planted into
HOST = "victims.example.org"
SYLLABLES = "bru net taz ovi mel chi ori gua fen zul pra sco dre vil lom".split()
_REPLACED = ("to", "cc", "content-type", "content-transfer-encoding", "mime-version")


class Victim(NamedTuple):
    """Somebody who must not be named."""

    first: str
    last: str

    @property
    def local(self) -> str:
        """The local part of the address."""
        return f"{self.first}.{self.last}"

    @property
    def name(self) -> str:
        """The display name."""
        return f"{self.first.title()} {self.last.title()}"

    @property
    def address(self) -> str:
        """The address."""
        return f"{self.local}@{HOST}"


class Planted(NamedTuple):
    """What is written into a mail: fields, the body, the name of its file."""

    fields: tuple[tuple[str, str], ...] = ()
    body: str = "Good morning,\n\nthe parcel waits.\n"
    kind: str = "text/plain; charset=utf-8"
    file: str = ""


def encodings(text: str) -> dict[str, str]:
    """A text as a sender can write it in one token."""
    return {
        "plain": text,
        "base64": base64.b64encode(text.encode()).decode().rstrip("="),
        "base64 behind others": base64.b64encode(f"id={text};v=1".encode()).decode(),
        "base64url": base64.urlsafe_b64encode(f"?>{text}".encode()).decode().rstrip("="),
        "hexadecimal": text.encode().hex(),
        "rot13": codecs.encode(text, "rot13"),
        "percent": "".join(f"%{ord(c):02X}" for c in text),
        "reversed": text[::-1],
        "upper case": text.upper(),
        "other marks": re.sub(r"[.@]", "_", text),
    }


def _words(text: str) -> str:
    """Encoded words that cut a name in two (RFC 2047)."""
    halves = (text[: len(text) // 2], text[len(text) // 2 :])
    return " ".join(f"=?utf-8?B?{base64.b64encode(one.encode()).decode()}?=" for one in halves)


def _hop(helo: str, name: str = "unknown", by: str = "relay.example.net", **clauses: str) -> str:
    said = {"with": "ESMTP", "id": "4F2A91C0D3", **clauses}
    told = " ".join(f"{key} {value}" for key, value in said.items())
    return f"from {helo} ({name} [203.0.113.66]) by {by} (Postfix) {told}; {{date}}"


_Write = Callable[[Victim, str], Planted]  # the victim, and what names it, as one token
PLACES: dict[str, _Write] = {
    "Subject": lambda _, t: Planted((("Subject", f"{t} your parcel"),)),
    "Subject alone": lambda _, t: Planted((("Subject", t),)),
    "Subject, encoded words": lambda v, t: Planted((("Subject", f"{_words(v.name)} {t}"),)),
    "display name": lambda _, t: Planted((("From", f'"{t}" <office@shop.example.com>'),)),
    "display name, encoded words": lambda v, t: Planted(
        (("From", f"{_words(v.name)} <{t[:40]}@shop.example.com>"),)
    ),
    "Message-ID": lambda _, t: Planted((("Message-ID", f"<{{n}}.{t}@shop.example.com>"),)),
    "host of a Message-ID": lambda _, t: Planted((("Message-ID", f"<{{n}}@{_label(t)}.lan>"),)),
    "boundary": lambda _, t: Planted(
        body=f"--=_{t}\nContent-Type: text/plain\n\nx\n--=_{t}--\n",
        kind=f'multipart/mixed; boundary="=_{t}"',
    ),
    "title of a page": lambda v, t: Planted(
        body=f"<html><head><title>{v.name} {t}</title></head><body>x</body></html>\n",
        kind="text/html; charset=utf-8",
    ),
    "comment and id of a page": lambda v, t: Planted(
        body=f"<html><!-- {v.name} --><body><form action='/{t}/p.php' id='{t}'></form></html>\n",
        kind="text/html; charset=utf-8",
    ),
    "path of a link": lambda _, t: Planted(body=f"See http://kit.example.net/go/{t}/index.php\n"),
    "parameter of a link": lambda _, t: Planted(body=f"See http://kit.example.net/go?u={t}&x=1\n"),
    "fragment of a link": lambda _, t: Planted(body=f"See http://kit.example.net/go#{t}\n"),
    "host of a link": lambda _, t: Planted(body=f"See http://{_label(t)}.kit.example.net/go\n"),
    "VERP": lambda v, _: Planted(
        (("Return-Path", f"<bounce-{{n}}-{v.local}={HOST}@lists.example.net>"),)
    ),
    "SRS": lambda v, _: Planted(
        (("Return-Path", f"<SRS0=ab12=CD={HOST}={v.local}@relay.example.net>"),)
    ),
    "account of the envelope": lambda _, t: Planted((("Return-Path", f"<{t}@web.example.net>"),)),
    "file name": lambda v, _: Planted(file=v.local),
    "name of an attachment": lambda _, t: Planted(
        body=f"--q\nContent-Type: application/pdf\nContent-Disposition: attachment; "
        f'filename="{t}.pdf"\n\nx\n--q--\n',
        kind='multipart/mixed; boundary="q"',
    ),
    "HELO": lambda _, t: Planted((("Received", _hop(_label(t))),)),
    "HELO below a domain": lambda _, t: Planted((("Received", _hop(f"{_label(t)}.pc.it")),)),
    "name of the client": lambda _, t: Planted((("Received", _hop("pc", f"{_label(t)}.isp.it")),)),
    "relay": lambda _, t: Planted((("Received", _hop("pc", by=f"{_label(t)}.mx.it")),)),
    "for clause": lambda v, _: Planted((("Received", _hop("pc", **{"for": f"<{v.address}>"})),)),
    "protocol": lambda _, t: Planted((("Received", _hop("pc", **{"with": t})),)),
    "queue id": lambda _, t: Planted((("Received", _hop("pc", id=t)),)),
    "comment of a time": lambda _, t: Planted((("Received", f"{_hop('pc')} ({t})"),)),
    "References": lambda _, t: Planted((("References", f"<{t}@shop.example.com>"),)),
    "X-Mailer": lambda v, t: Planted((("X-Mailer", f"Mailer of {v.name} {t} 1.0"),)),
    "field of no standard": lambda v, t: Planted((("X-For", f"{v.name}; {t}"),)),
    "name of a field": lambda _, t: Planted(((f"X-{_label(t)}", "1"),)),
    "DKIM selector": lambda _, t: Planted(
        (
            (
                "DKIM-Signature",
                f"v=1; a=rsa-sha256; d=shop.example.com; s={_label(t)}; b=AAAA; bh=BB",
            ),
        )
    ),
    "List-Unsubscribe": lambda _, t: Planted(
        (("List-Unsubscribe", f"<https://l.example.net/u/{t}>, <mailto:u-{t}@l.example.net>"),)
    ),
    "Feedback-ID": lambda _, t: Planted((("Feedback-ID", f"{t}:campaign:mailer"),)),
    "login": lambda v, _: Planted(
        (("Received", _hop("pc").replace(" by ", f" (Authenticated sender: {v.local}) by ")),)
    ),
}


def _label(token: str) -> str:
    """A token as a label of a host."""
    return re.sub(r"[^A-Za-z0-9-]", "-", token)[:60]


class Attack(NamedTuple):
    """Who is planted, where, how."""

    victim: Victim
    place: str
    encoding: str


def attacks(count: int, seed: int = 7) -> Iterator[Attack]:
    """So many, every place in turn, the encodings by chance: plain in every third."""
    draw = random.Random(seed)
    names = list(encodings(""))
    for n in range(count):
        last = "".join(draw.sample(SYLLABLES, 4))
        victim = Victim("".join(draw.sample(SYLLABLES, 2)), last)
        encoding = "plain" if n // len(PLACES) % 3 == 0 else draw.choice(names)
        yield Attack(victim, list(PLACES)[n % len(PLACES)], encoding)


def corpus_mail(count: int, seed: int = 7) -> list[bytes]:
    """So many mails of the corpora by chance."""
    mail = [one.data for one in messages() if one.data and len(one.data) <= LARGEST]
    return random.Random(seed).sample(mail, count)


def write_heap(folder: Path, many: list[Attack], mail: list[bytes]) -> None:
    """The planted mails, COPIES of each."""
    for n, (attack, data) in enumerate(zip(many, mail, strict=True)):
        for copy in range(COPIES):
            name, text = planted(data, attack, 10 * n + copy)
            (folder / f"{n:04}-{copy}{name}.eml").write_bytes(text)


def planted(data: bytes, attack: Attack, number: int) -> tuple[str, bytes]:
    """One mail with its victim, and what the file's name says."""
    token = encodings(attack.victim.local)[attack.encoding]
    what = PLACES[attack.place](attack.victim, token)
    header = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0].replace(b"\r\n", b"\n")
    gone = {name.lower() for name, _ in what.fields if name != "Received"} | set(_REPLACED)
    kept = [
        field
        for field in re.split(rb"\n(?![ \t])", header)
        if field.split(b":")[0].strip().lower().decode("latin-1") not in gone
    ]
    moment = f"Mon, 12 May 2025 10:{number % 60:02}:00 +0200"
    new = [f"{name}: {value}" for name, value in what.fields]
    new += [f'To: "{attack.victim.name}" <{attack.victim.address}>', "MIME-Version: 1.0"]
    new.append(f"Content-Type: {what.kind}")
    lines = [one.replace("{n}", str(number)).replace("{date}", moment).encode() for one in new]
    name = f"-{what.file}" if what.file else ""
    return name, b"\n".join([*kept, *lines, b"", what.body.encode()])


def leaked(files: Mapping[str, bytes], victim: Victim) -> list[tuple[str, str]]:
    """In which files a victim is named, and how."""
    texts = {name: _without_marks(data.decode("utf-8", "replace")) for name, data in files.items()}
    found = []
    for name, text in texts.items():
        for how, needle, folds in needles(victim):
            if needle in (text.lower() if folds else text):
                found.append((name, how))
    return found


def needles(victim: Victim) -> Iterator[tuple[str, str, bool]]:
    """What names a victim in each encoding, and whether upper case counts too."""
    for text in (victim.local, victim.local.upper(), victim.name, victim.local.replace(".", "_")):
        yield "plain", text.lower(), True
        yield "reversed", text[::-1].lower(), True
        yield "rot13", codecs.encode(text, "rot13").lower(), True
        yield "hexadecimal", text.encode().hex(), True
        yield "percent", "".join(f"%{ord(c):02x}" for c in text), True
        yield "percent", quote(text).lower(), True
        for front in range(3):
            digits = base64.b64encode(b"x" * front + text.encode()).decode().rstrip("=")
            yield "base64", digits[(0, 2, 3)[front] : -1], False
    yield "label", f"{victim.first}-{victim.last}", True
    yield "last name", victim.last, True


def _without_marks(text: str) -> str:
    """A text without what defangs it or escapes a mark."""
    return text.replace("[.]", ".").replace("[@]", "@").replace("\\.", ".").replace("\\_", "_")


class Outcome(NamedTuple):
    """What came of the attacks."""

    publication: Publication
    leaks: list[tuple[Attack, list[tuple[str, str]]]]
    seen: int  # attacks whose victim the case's own files name


def tried(many: list[Attack], mail: list[bytes], tlp: str, folder: Path) -> Outcome:
    """Some attacks on as many mails, published at a level below a folder."""
    heap, case, out = folder / "heap", folder / "case", folder / "out"
    heap.mkdir()
    write_heap(heap, many, mail)
    investigate([heap], case)
    publication = publish(case, out, tlp=tlp)
    own = {p.name: p.read_bytes() for p in case.iterdir() if p.suffix in (".json", ".md", ".csv")}
    files = {path.name: path.read_bytes() for path in out.iterdir()} if out.exists() else {}
    leaks = [(one, found) for one in many if (found := leaked(files, one.victim))]
    return Outcome(publication, leaks, sum(1 for one in many if leaked(own, one.victim)))


def main() -> None:
    """Prints what leaked."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    tlp = sys.argv[2] if len(sys.argv) > 2 else "CLEAR"
    with TemporaryDirectory() as folder:
        outcome = tried(list(attacks(count)), corpus_mail(count), tlp, Path(folder))
    print(f"{count} attacks, {outcome.seen} of them seen in the case's own files")
    print(
        f"TLP:{tlp}: {len(outcome.publication.files)} files, "
        f"{len(outcome.publication.finds)} finds, "
        f"{outcome.publication.withheld} values withheld, {len(outcome.leaks)} leaks"
    )
    for find in outcome.publication.finds:
        print(f"  {find.file}:{find.line}: {find.explanation}")
    for attack, found in outcome.leaks:
        print(f"  {attack.place}, {attack.encoding}, {attack.victim.local}: {Counter(found)}")


if __name__ == "__main__":
    main()

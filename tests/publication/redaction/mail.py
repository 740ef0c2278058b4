"""A small case with everybody that a publication must not name: the imitated author,
the recipients, a login, a private machine, the operator's own servers."""

from __future__ import annotations

from pathlib import Path

from firsthop.case_file import CaseFile
from firsthop.investigation.investigate import investigate
from firsthop.settings import OwnServers, Settings

OWN = "mx7.posta-interna.example.org"
MACHINE = "PC-DI-GIOVANNA"
LOGIN = "f.contabili@relay-di-terzi.example.com"
PARAMETER = "Zm9yLWFubmEtMTIz9f3c"
VICTIMS = (
    ("mario.rossi", "Mario Rossi"),
    ("giuseppina_verdi75", "Giuseppina Verdi"),
    ("ldalessandro", "Luca D'Alessandro"),
)
RECIPIENTS = (("anna.bianchi", "Anna Bianchi Neri"), ("protocollo.generale.ufficio", "Ufficio"))

MAIL = """\
Return-Path: <bounce-77-anna.bianchi=posta-interna.example.org@lists.mailer.example.net>
Delivered-To: {recipient}@posta-interna.example.org
Received: from smtp.relay-di-terzi.example.com (smtp.relay-di-terzi.example.com [203.0.113.{n}])
\tby {own} (Postfix) with ESMTPS id 4ABCDEF{n:04d}
\tfor <{recipient}@posta-interna.example.org>; Mon, 12 May 2025 10:{n:02d}:00 +0200 (CEST)
Received: from {machine} (unknown [198.51.100.{n}])
\t(Authenticated sender: {login})
\tby smtp.relay-di-terzi.example.com (Postfix) with ESMTPA id 9F8E7D6{n:04d};
\tMon, 12 May 2025 10:{n:02d}:00 +0200 (CEST)
From: "{name}" <{local}@libero.it>
To: "{known_as}" <{recipient}@posta-interna.example.org>
Subject: {local}
Date: Mon, 12 May 2025 10:{n:02d}:00 +0200
Message-ID: <20250512.{n}.{local}@{machine}.lan>
X-Mailer: Groovy Mailer 3.1
Content-Type: text/plain; charset=utf-8

Ciao {name}, vedi http://raccolta.example.net/{local}/pagina?u={parameter}&m={recipient}%40posta-interna.example.org
"""


def heap(folder: Path) -> Path:
    """The mail of the case, a file a message, below somebody's home."""
    folder.mkdir(parents=True)
    for n in range(1, 13):
        local, name = VICTIMS[0 if n % 2 else 1 + n // 2 % 2]
        recipient, known_as = RECIPIENTS[n % len(RECIPIENTS)]
        text = MAIL.format(
            n=n,
            local=local,
            name=name,
            recipient=recipient,
            known_as=known_as,
            own=OWN,
            machine=MACHINE,
            login=LOGIN,
            parameter=PARAMETER,
        )
        (folder / f"segnalazione-{local}-{n}.eml").write_text(text, encoding="utf-8")
    return folder


def case_of(folder: Path, case: Path, tlp: str | None = None) -> Path:
    """The case of such a heap."""
    settings = Settings(OwnServers(names=frozenset((OWN,))), tlp=tlp)
    investigate([folder], case, settings=settings, case_file=CaseFile(provider="Libero"))
    return case

"""A document as one HTML page: everything escaped, nothing loaded, a strict
Content-Security-Policy in the page itself."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Document,
    Listing,
    Paragraph,
    Picture,
    Table,
    Value,
)
from firsthop.publication.bulletin.render import title, visible, words
from firsthop.publication.formats.pictures import svg
from firsthop.publication.words import say

STYLE = """
:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#bbb;--head:#f2f2f2;--soft:#555}
@media (prefers-color-scheme:dark){:root{--ink:#e8e6e3;--paper:#17181a;--line:#555;--head:#26282b;
--soft:#b3b0ab}}
body{font:16px/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
overflow-wrap:break-word;color:var(--ink);background:var(--paper)}
p,li{max-width:48rem}
h1{line-height:1.2}h2{margin-top:2.2rem;border-bottom:1px solid var(--line)}
.tlp{display:inline-block;padding:.1rem .6rem;background:#000;color:#fff;font-weight:700}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem}
th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
th{background:var(--head)}code{font:.92em ui-monospace,monospace;overflow-wrap:anywhere}
td code{overflow-wrap:normal}
.listing{width:100%;table-layout:auto}.listing td{border:0;padding:.05rem .3rem}
.listing code{white-space:pre-wrap;overflow-wrap:anywhere}
.listing td:first-child{color:var(--soft);text-align:right;user-select:none;white-space:nowrap}
figure{margin:1rem 0}figure svg{display:block;max-width:30rem}
figcaption,footer{color:var(--soft);font-size:.85rem}
footer{margin-top:3rem}
@media print{:root{color-scheme:light;--ink:#000;--paper:#fff;--line:#888;--head:#eee;--soft:#333}
@page{size:A4;margin:18mm 15mm}body{margin:0;max-width:none;padding:0;font-size:10pt}
.wide{overflow:visible}table{font-size:7pt}td code{overflow-wrap:anywhere}
tr,figure{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}}
"""
_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'"


def html(document: Document, language: str, version: str) -> str:
    """The page of a document in one language."""
    name = escape(visible(title(document, language)))
    facts = "".join(
        f"<li>{escape(say(language, key))}: {_value(value, language)}</li>"
        for key, value in document.facts
    )
    sections = "".join(
        _section(section.title, section.blocks, language) for section in document.sections
    )
    made = escape(say(language, "document.generated", {"version": version}))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="viewport" '
        'content="width=device-width, initial-scale=1">\n'
        f"<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n"
        f'<p class="tlp">{escape(say(language, "document.tlp", {"tlp": document.tlp}))}</p>\n'
        + (f"<ul>{facts}</ul>\n" if facts else "")
        + sections
        + f"</main>\n<footer><p>{made}</p></footer>\n</body>\n</html>\n"
    )


def _section(key: str, blocks: tuple[Block, ...], language: str) -> str:
    return (
        f"<section>\n<h2>{escape(say(language, key))}</h2>"
        f"\n{''.join(_block(block, language) for block in blocks)}</section>\n"
    )


def _block(block: Block, language: str) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{_value(block, language)}</p>\n"
    if isinstance(block, Picture):
        said = _value(block.alt, language)
        return f"<figure>{svg(block, language)}<figcaption>{said}</figcaption></figure>\n"
    if isinstance(block, Listing):
        return _listing(block)
    if isinstance(block, Bullets):
        return (
            "<ul>\n"
            + "".join(f"<li>{_value(item, language)}</li>\n" for item in block.items)
            + "</ul>\n"
        )
    return _table(block, language)


def _listing(listing: Listing) -> str:
    """Lines with their numbers; a line that is too long goes on below itself."""
    rows = "".join(
        f"<tr><td>{escape(number)}</td><td><code>{escape(visible(text.text))}</code></td></tr>\n"
        for number, text in listing.lines
    )
    return f'<table class="listing"><tbody>\n{rows}</tbody></table>\n'


def _table(table: Table, language: str) -> str:
    head = "".join(
        f'<th scope="col">{escape(say(language, column))}</th>' for column in table.columns
    )
    rows = "".join(
        "<tr>" + "".join(f"<td>{_value(cell, language)}</td>" for cell in row) + "</tr>\n"
        for row in table.rows
    )
    label = escape(say(language, "document.table"))
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{label}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )


def _value(value: Value | Paragraph, language: str) -> str:
    return words(value, language, lambda text: f"<code>{escape(visible(text))}</code>", escape)

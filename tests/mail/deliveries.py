"""The ways in which programs and people hand over a header: functions from its lines,
folded as in the message, to the text that arrives."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable

Lines = list[str]
Delivery = Callable[[Lines], str]

_NAME = re.compile(r"([!-9;-~]+)[ \t]*:")


def fields(header: Lines) -> list[tuple[str, str]]:
    """Names and unfolded values."""
    found: list[tuple[str, str]] = []
    for line in header:
        match = _NAME.match(line)
        if match and line[:1] not in (" ", "\t"):
            found.append((match[1], " ".join(line[match.end() :].split())))
        elif found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {' '.join(line.split())}".strip())
    return found


def joined(header: Lines) -> Lines:
    """Each field on one line."""
    return [f"{name}: {value}" for name, value in fields(header)]


def as_it_is(header: Lines) -> str:
    return "\n".join(header) + "\n"


def unfolded(header: Lines) -> str:
    return "\n".join(joined(header)) + "\n"


def wrapped(header: Lines, width: int = 72) -> str:
    """Each line wrapped without indent."""
    return "".join(
        "\n".join(
            textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
        )
        + "\n"
        for line in joined(header)
    )


def ticket_72(header: Lines) -> str:
    return f"Salve,\n\necco le intestazioni:\n\n{wrapped(header)}\nGrazie\n"


def ticket_76(header: Lines) -> str:
    return f"Dear team,\n\nplease see below.\n\n{wrapped(header, 76)}\n-- \nAna\n"


def folds_wrapped(header: Lines) -> str:
    """Folded lines that were wrapped once more."""
    shown: Lines = []
    for line in header:
        shown += textwrap.wrap(
            line.rstrip(), 72, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(shown) + "\n"


def indent_lost(header: Lines) -> str:
    """Microsoft 365's view, copied: folds at the margin."""
    return "\n".join(line.strip() for line in header) + "\n"


def indented(header: Lines) -> str:
    return "Here it is:\n\n" + "".join(f"    {line}\n" for line in header) + "\nBye\n"


def indented_but_first(header: Lines) -> str:
    """A selection that begins behind the first line's indent."""
    return "    ".join(f"{line}\n" for line in header)


def quoted(header: Lines) -> str:
    return "Il giorno 5 marzo Ana ha scritto:\n\n" + "".join(f"> {line}\n" for line in header)


def quoted_twice(header: Lines) -> str:
    return "".join(f">> {line}\n" for line in header) + ">\n> thanks\n"


def quoted_and_wrapped(header: Lines) -> str:
    """Quoted, then wrapped: the rest of a line stands at the margin."""
    shown = [
        "\n".join(textwrap.wrap(f"> {line}", 72, break_long_words=False, break_on_hyphens=False))
        for line in joined(header)
    ]
    return "\n".join(shown) + "\n"


def blank_after_each(header: Lines) -> str:
    return "Testo\n\n" + "".join(f"{line}\n\n" for line in header)


def blank_after_each_wrapped(header: Lines) -> str:
    return "".join(f"{line}\n\n" for line in wrapped(header).splitlines())


def crlf(header: Lines) -> str:
    return "".join(f"{line}\r\n" for line in header)


def no_break_spaces(header: Lines) -> str:
    """Folds shown with no-break spaces, as web pages and Word have them."""
    return "".join(
        re.sub(r"^[ \t]+", lambda m: "\u00a0" * len(m.group()), line) + "\n" for line in header
    )


def zero_width(header: Lines) -> str:
    return "\ufeff" + "".join(f"{line}\u200b\n" for line in header)


def owa_next_line(header: Lines) -> str:
    """Outlook on the web, message details: name, tab, line end, value."""
    return "".join(f"{name}:\t\n{value}\n" for name, value in fields(header))


def next_line_and_blank(header: Lines) -> str:
    return "".join(f"{name}:\n{value}\n\n" for name, value in fields(header))


def two_columns(header: Lines) -> str:
    """Roundcube's list of headers, copied: name, tab, value."""
    return "".join(f"{name}\t{value}\n" for name, value in fields(header))


def colon_and_tab(header: Lines) -> str:
    return "".join(f"{name}:\t{value}\n" for name, value in fields(header))


def numbered_columns(header: Lines) -> str:
    """A header analyser's table, copied."""
    return "#\tHeader\tValue\n" + "".join(
        f"{number}\t{name}\t{value}\n" for number, (name, value) in enumerate(fields(header), 1)
    )


def html_table(header: Lines) -> str:
    rows = "".join(
        f"<tr><td><b>{name}</b></td><td>{html.escape(value)}</td></tr>\n"
        for name, value in fields(header)
    )
    return f"<html><body><table>\n{rows}</table></body></html>\n"


def html_table_apart(header: Lines) -> str:
    """The same with every cell on a line of its own."""
    rows = "".join(
        f"<tr>\n  <td>{name}:</td>\n  <td>{html.escape(value)}</td>\n</tr>\n"
        for name, value in fields(header)
    )
    return f"<!DOCTYPE html><html><body><table>\n{rows}</table></body></html>\n"


def html_pre(header: Lines) -> str:
    text = html.escape("\n".join(header))
    return f"<html><body><p>Header:</p><pre>{text}</pre><p>Bye</p></body></html>\n"


def html_breaks(header: Lines) -> str:
    """Outlook's HTML: <br> for each line, links around addresses."""
    text = "<br>\n".join(
        re.sub(
            r"([\w.+-]+@[\w.-]+\w)",
            r'<a href="mailto:\1">\1</a>',
            html.escape(line.replace("\t", "    "), quote=False).replace("  ", "&nbsp; "),
        )
        for line in header
    )
    return f'<html><body><div class="x">{text}</div></body></html>\n'


def html_divs(header: Lines) -> str:
    text = "".join(f"<div>{html.escape(line)}</div>" for line in joined(header))
    return f"<html><body>{text}</body></html>\n"


def source_below_html_mail(header: Lines) -> str:
    return "\n".join(header) + "\n\n<html><body><p>Ciao</p></body></html>\n"


def gmail_original(header: Lines) -> str:
    """Gmail, Show original: its table on top."""
    by_name = {name.lower(): value for name, value in reversed(fields(header))}
    rows = (
        ("Message ID\t", "message-id"),
        ("From:\t", "from"),
        ("To:\t", "to"),
        ("Subject:\t", "subject"),
    )
    box = "".join(f"{shown}{by_name[key]}\n" for shown, key in rows if key in by_name)
    return (
        f"Original Message\n{box}SPF:\tPASS with IP 192.0.2.1 Learn more\n\n"
        "Download Original\t\nCopy to clipboard\n\n" + "\n".join(header) + "\n\nCiao\n"
    )


def chat(header: Lines) -> str:
    """A chat puts time and speaker before the first line."""
    return f"[10:05, 05/03/2024] Ana Verdi: {chr(10).join(header)}\n[10:06] Bo: ok\n"


def code_fence(header: Lines) -> str:
    return "```\n" + "\n".join(header) + "\n```\nthanks\n"


def markdown_bold(header: Lines) -> str:
    return "".join(f"**{name}:** {value}\n" for name, value in fields(header))


def bullets(header: Lines) -> str:
    return "".join(f"* {line}\n" for line in joined(header))


def line_numbers(header: Lines) -> str:
    return "".join(f"{number:6}\t{line}\n" for number, line in enumerate(header, 1))


def links_added(header: Lines) -> str:
    """Outlook's plain text of an HTML mail: each address with its link."""
    return "".join(
        re.sub(r"(?<![\w.+-])([a-z][\w.+-]*@[\w.-]+\w)(?=>)", r"\1<mailto:\1>", line) + "\n"
        for line in header
    )


def pdf_pages(header: Lines) -> str:
    """A print to PDF, copied: wrapped, with a footer and a page's end between."""
    shown = wrapped(header, 90).splitlines()
    half = len(shown) // 2
    return "\n".join([*shown[:half], "Page 1 of 2", "\f" + shown[half], *shown[half + 1 :]]) + "\n"


def one_line(header: Lines) -> str:
    """All line ends lost."""
    return "Headers: " + " ".join(joined(header)) + "\n"


WAYS: tuple[Delivery, ...] = (
    as_it_is,
    unfolded,
    crlf,
    ticket_72,
    ticket_76,
    folds_wrapped,
    indent_lost,
    indented,
    indented_but_first,
    quoted,
    quoted_twice,
    quoted_and_wrapped,
    blank_after_each,
    blank_after_each_wrapped,
    no_break_spaces,
    zero_width,
    owa_next_line,
    next_line_and_blank,
    two_columns,
    colon_and_tab,
    numbered_columns,
    html_table,
    html_table_apart,
    html_pre,
    html_breaks,
    html_divs,
    source_below_html_mail,
    gmail_original,
    chat,
    code_fence,
    markdown_bold,
    bullets,
    line_numbers,
    links_added,
    pdf_pages,
    one_line,
)

"""The search through finished files for what must not go out.

    scan.py         a file in, finds out
    view.py         a text as it stands, with the lines that its rows come from
    escapes.py      percent, HTML, JSON, quoted-printable, encoded words, tags,
    defanging runs.py         base64 and hexadecimal runs
    containers.py   gzip, zip, zlib, PDF and PNG
    pdf.py          what a PDF holds: pdf_objects.py its objects, pages.py the text of
                    its pages, reading_order.py that of its structure
    lookup.py       names, addresses, hosts and paths in a text

Every step is linear in what it reads, and MAX_DEPTH bounds how often it is repeated on
what was decoded."""

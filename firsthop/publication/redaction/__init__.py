"""What of a case may go out, and to whom: people become pseudonyms, own and private
hosts lose their names, and every file is searched for what must not be in it before it
leaves.

    levels.py           what each TLP level shows
    pseudonyms.py       the keyed pseudonyms
    canonical.py        how names are compared, and which count when they stand alone
    known.py            what the case knows that must not go out
    redactor.py         one value redacted
    messages.py, campaigns.py   typed objects redacted
    defang.py           hosts and addresses that nobody clicks on
    scan/               the search through the files

Redaction works on typed values and never on finished text; the search works on finished
files and knows nothing of how they were made. So each checks the other.
"""

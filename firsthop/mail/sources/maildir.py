"""What makes a folder a Maildir and which of its files are messages
(https://cr.yp.to/proto/maildir.html; Maildir++ of Courier and Dovecot).

Every file in `cur`, `new` and `tmp` is one message, whatever it looks like. A file in
`tmp` was still being delivered: its message may be cut. The servers' own control files
beside them hold no mail."""

from __future__ import annotations

from firsthop.system.kept_expressions import compiled

MAILDIR_FOLDERS = frozenset({"cur", "new", "tmp"})
_CONTROL = compiled(
    r"\.?(?:dovecot|courierimap|courierpop|maildirsize|maildirfolder|subscriptions|sieve"
    r"|cyrus|mailboxid|shared-maildirs|uidvalidity|shared-folders)"
)
# ":" as specified; ";" and "!" where a file system has no colon
_FLAGS = compiled(r"[:;!]2,([A-Za-z]*)$")


def is_maildir(folders: set[str]) -> bool:
    """Whether a folder with these folders in it is a Maildir."""
    return folders >= MAILDIR_FOLDERS


def is_control_file(name: str) -> bool:
    """Whether a file in a Maildir (not in its cur, new or tmp) is a server's own."""
    return _CONTROL.match(name) is not None


def maildir_notes(folder: str, name: str) -> tuple[str, ...]:
    """What the place and name of a message's file say."""
    flags = _FLAGS.search(name)
    unfinished = ("maildir tmp: its delivery was not finished",) if folder == "tmp" else ()
    return unfinished + ((f"maildir flags: {flags[1]}",) if flags and flags[1] else ())

"""Finds the title of a web page.

html.parser takes minutes for 64 KiB of «<a <a <a», and stops with an AssertionError at «<![<![». So
this looks for the title alone, in a time that grows only with the length of the page.
"""

import re
from html import unescape

LONGEST = 200  # characters
LOOKED_INTO = 256 * 1024  # bytes: so far the title is looked for
TITLE = re.compile(r"<title(?:\s[^>]{0,200})?>(.{0,1000})", re.IGNORECASE | re.DOTALL)
# A page may say its charset, within the first 1,024 bytes (HTML standard, «prescan a byte stream»).
META = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([\w-]{1,20})", re.IGNORECASE)
END = re.compile("</title", re.IGNORECASE)
# Python would also decode «idna» or «punycode», which take long, and what is no text.
CHARSETS = re.compile(
    r"us-ascii|utf-?(8|16(le|be)?)|(iso-?8859|koi8|euc|windows)-\w+|big5|gb\w+|shift_jis"
)


def read_title(body: bytes, charset: str | None) -> str:
    """Return the title on one line, without control characters; empty without one."""
    found = TITLE.search(_without_comments(_decoded(body[:LOOKED_INTO], charset)))
    title = unescape(END.split(found[1])[0]) if found else ""
    line = " ".join("".join(one if one.isprintable() else " " for one in title).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _decoded(body: bytes, charset: str | None) -> str:
    """Decode a page; one that does not say its charset, or a strange one, is taken for UTF-8."""
    if not charset and (found := META.search(body[:1024])):
        charset = found[1].decode("ascii", "replace").lower()
    if charset and CHARSETS.fullmatch(charset):
        try:
            return body.decode(charset, "replace")
        except LookupError:
            pass
    return body.decode("utf-8", "replace")


def _without_comments(text: str) -> str:
    """Return the text without what stands from «<!--» to «-->»."""
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        kept.append(text[at:start])
        if (end := text.find("-->", start)) < 0:
            return "".join(kept)
        at = end + len("-->")
    return "".join([*kept, text[at:]])

"""README.md and docs/: what they say, and the commands and generated tables in them."""

import re

from tests.processes import ROOT

DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
TEXT = "\n".join(DOCUMENTS.values())


def blocks(language: str) -> list[str]:
    """The code blocks in this language, of all documents."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


# One a line; a line that ends with a backslash goes on in the next one.
COMMANDS = {c for block in blocks("sh") for c in block.replace("\\\n ", "").splitlines()}
# The command that makes a table, and the table.
MADE = re.findall(r"<!-- made by (.*?) -->\n(.*?\n)<!-- end of it -->", TEXT, re.DOTALL)

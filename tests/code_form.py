"""Posts the form of /jobs/code."""

from urllib.parse import urlencode

from tests.parts import Answer, Web

PHONE = "+491713920001"
FORM = "application/x-www-form-urlencoded"


def post(web: Web, path: str = "", **fields: str) -> Answer:
    kind = {"Content_Type": FORM, "Accept": "application/json"}
    return web.ask(f"/jobs/code{path}", "POST", urlencode(fields), **kind)

"""The addresses of the pages on work, and the view that answers at each."""

from collections.abc import Callable
from typing import Any

from pages.jobs.asking import ask_for
from pages.jobs.inspection import inspection
from pages.jobs.periodic import periodic
from pages.jobs.views import delete_piece, forget, jobs_events, jobs_page, piece, piece_events

ADDRESSES_OF_JOBS: list[tuple[str, Callable[..., Any], str]] = [
    ("/jobs", jobs_page, "GET"),
    ("/jobs/events", jobs_events, "GET"),
    ("/jobs/<way>/<task>", ask_for, "POST"),
    ("/jobs/<what>/forget", forget, "POST"),
    ("/jobs/<id_>", piece, "GET"),
    ("/jobs/<id_>", delete_piece, "DELETE"),
    ("/jobs/<id_>/events", piece_events, "GET"),
    ("/jobs/inspect", inspection, "GET"),
    ("/jobs/periodic/<name>", periodic, "POST"),
]

"""The ways to have work done; those of libraries where they are installed and can be used."""

from importlib import import_module
from importlib.util import find_spec

from jobs.broker import why_not
from jobs.ways.inline import Inline
from jobs.ways.list import List
from jobs.ways.pool import Pool
from jobs.ways.thread import Thread
from jobs.ways.way import Way

OF_LIBRARIES = {"rq": "Rq", "celery": "Celery"}  # the library, and the class of its way
NAMES = ("inline", "thread", "pool", "list", *OF_LIBRARIES)
HOW_TO_GET = "{} is not installed: pip install -r requirements-jobs.txt"

WAYS: dict[str, Way] = {one.name: one for one in (Inline(), Thread(), Pool(), List())}
MISSING: dict[str, str] = {}  # the name of a way that is not there, and why
for library, kind in OF_LIBRARIES.items():
    if not find_spec(library):
        MISSING[library] = HOW_TO_GET.format(library)
    elif why := why_not(library):
        MISSING[library] = why
    else:
        WAYS[library] = getattr(import_module(f"jobs.ways.{library}"), kind)()

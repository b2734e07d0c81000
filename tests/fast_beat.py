"""Celery's app with a clock that ticks twice a second, so that a test need not wait for ten."""

from jobs.celery_app import app
from jobs.periodic import TEN_SECONDS

EVERY = 0.5  # second

app.conf.beat_schedule = {TEN_SECONDS: app.conf.beat_schedule[TEN_SECONDS] | {"schedule": EVERY}}

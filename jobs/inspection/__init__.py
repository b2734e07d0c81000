"""What RQ and Celery have in hand, as their registries and workers tell; looking changes nothing.

Flower (Celery) and rq-dashboard (RQ) show far more; here is what they answer first.
"""

from importlib import import_module

from redis import Redis

from jobs.inspection.shape import Inspection
from jobs.ways import MISSING, OF_LIBRARIES, WAYS

DASHBOARDS = "Flower (Celery) and rq-dashboard (RQ) are pages of their own for this, and more."


def inspect(redis: Redis) -> list[Inspection]:
    """Ask each library; raises RedisError. It takes a second where Celery is one of them."""
    return [_inspect(redis, name) for name in OF_LIBRARIES]


def _inspect(redis: Redis, name: str) -> Inspection:
    if name not in WAYS:
        return Inspection(name, name, MISSING[name])
    found = import_module(f"jobs.inspection.{name}").inspect(redis)
    assert isinstance(found, Inspection)  # noqa: S101
    return found

"""The consumers of the reliable queue: leases, the lists of what they have taken, takeovers."""

from redis import Redis

from messaging.connection import raw
from patterns.machinery import lease
from patterns.machinery.lua import source
from patterns.reliable import DEAD_LETTERS, FAILURES, HOLDERS, LEASES, taken_by

TAKE_OVER = source("reliable_take_over")


def renew_lease(redis: Redis, consumer: str) -> None:
    with redis.pipeline() as pipeline:
        pipeline.sadd(HOLDERS, consumer)
        pipeline.set(f"{LEASES}:{consumer}", 1, px=int(lease.LEASE * 1000))
        pipeline.execute()


def give_up_lease(redis: Redis, consumer: str) -> None:
    """Delete the lease of a consumer that leaves with nothing unacknowledged."""
    redis.srem(HOLDERS, consumer)
    redis.delete(f"{LEASES}:{consumer}")


def without_lease(redis: Redis) -> list[str]:
    """Return the consumers whose lease has expired and that may have unacknowledged lines."""
    holders = [raw(holder).decode() for holder in redis.smembers(HOLDERS)]
    leases = redis.mget([f"{LEASES}:{holder}" for holder in holders]) if holders else []
    return [holder for holder, found in zip(holders, leases, strict=True) if found is None]


def take_one_over(redis: Redis, dead: str, consumer: str) -> bool:
    """Move a dead consumer's oldest line to this one's list; return whether there was one."""
    keys = (f"{LEASES}:{dead}", taken_by(dead), taken_by(consumer), FAILURES, HOLDERS)
    return redis.eval(TAKE_OVER, len(keys), *keys, dead, consumer) is not None


def failures(redis: Redis, consumer: str) -> int:
    """Return how often consumers died with the line that this one took over; 0 if none."""
    return int(redis.hget(FAILURES, consumer) or 0)


def finish(redis: Redis, consumer: str, line: bytes, is_dead: bool) -> None:
    """Acknowledge a line that was taken over, or move it to the dead letters."""
    with redis.pipeline() as pipeline:  # a transaction, or a dead letter could be lost
        if is_dead:
            pipeline.lpush(DEAD_LETTERS, line)
        pipeline.lrem(taken_by(consumer), 1, line)  # type: ignore[arg-type] # bytes are fine
        pipeline.hdel(FAILURES, consumer)
        pipeline.execute()

"""Throw away what waits, and the dead letters; what a listener has in hand stays with it."""

from collections.abc import Iterable

from redis import Redis

from pages.patterns import Pattern

# A stream that is deleted takes its groups with it, and whoever listens in one. So only what
# nobody has in hand is removed from it, and no group is to be given what was sent until now.
EMPTY_STREAM = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local in_hand, removed, after = {}, 0, '-'
local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
for _, group in ipairs(groups) do
  local pending = redis.call('XPENDING', KEYS[1], group[2], '-', '+', 10000)
  for _, one in ipairs(pending) do in_hand[one[1]] = true end
end
while true do
  local entries = redis.call('XRANGE', KEYS[1], after, '+', 'COUNT', 500)
  if #entries == 0 then break end
  local ids = {}
  for _, entry in ipairs(entries) do
    if not in_hand[entry[1]] then ids[#ids + 1] = entry[1] end
  end
  if #ids > 0 then removed = removed + redis.call('XDEL', KEYS[1], unpack(ids)) end
  after = '(' .. entries[#entries][1]
end
for _, group in ipairs(groups) do redis.call('XGROUP', 'SETID', KEYS[1], group[2], '$') end
return removed
"""


def empty(redis: Redis, patterns: Iterable[Pattern]) -> int:
    """Returns how many messages were thrown away."""
    removed = 0
    for pattern in patterns:
        if pattern.shape == "log":
            removed += int(redis.eval(EMPTY_STREAM, 1, pattern.place))
        elif pattern.length:
            removed += _delete(redis, pattern.place)
        if pattern.dead:
            removed += _delete(redis, pattern.dead)
    return removed


def _delete(redis: Redis, key: str) -> int:
    with redis.pipeline() as pipeline:  # all that is counted, and nothing else
        pipeline.llen(key)
        pipeline.delete(key)
        return int(pipeline.execute()[0])

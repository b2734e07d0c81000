-- Moves the oldest line of a consumer to another one's list, if the first counts as dead.
-- In one step, so that nobody takes from a consumer that has just come back, or forgets it.
--
-- KEYS[1]  lease of the consumer; it is gone when the consumer is dead
-- KEYS[2]  list of what that consumer has in hand
-- KEYS[3]  list of what the consumer that takes over has in hand
-- KEYS[4]  hash: how often consumers died with the line in hand that a consumer took over
-- KEYS[5]  set of all consumers that may have something in hand
-- ARGV[1]  name of the dead consumer
-- ARGV[2]  name of the one that takes over
--
-- A consumer takes over one line at a time, and has nothing else in hand meanwhile: so one number
-- for each consumer is enough, and equal lines never share it.
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local line = redis.call('LMOVE', KEYS[2], KEYS[3], 'RIGHT', 'LEFT')
if line then
  local before = redis.call('HGET', KEYS[4], ARGV[1]) or 0
  redis.call('HSET', KEYS[4], ARGV[2], before + 1)
  redis.call('HDEL', KEYS[4], ARGV[1])
end
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('SREM', KEYS[5], ARGV[1]) end
return line

-- Moves the oldest line of a dead consumer to the list of the consumer that takes over.
-- One step, because the dead consumer may renew its lease, or take a line, at any moment.
--
-- KEYS[1]  lease of the dead consumer; while this key exists, the consumer lives
-- KEYS[2]  list of the lines that the dead consumer has not acknowledged
-- KEYS[3]  list of the consumer that takes over
-- KEYS[4]  hash: by consumer, how often consumers died with the line that it took over
-- KEYS[5]  set of all consumers that may have unacknowledged lines
-- ARGV[1]  name of the dead consumer
-- ARGV[2]  name of the one that takes over
--
-- A consumer takes over one line at a time and holds no other meanwhile. So one number for each
-- consumer is enough, and two equal lines never share it.
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local line = redis.call('LMOVE', KEYS[2], KEYS[3], 'RIGHT', 'LEFT')
if line then
  -- Another program may have written something else there.
  local before = tonumber((redis.call('HGET', KEYS[4], ARGV[1]) or ''):match('^%d%d?%d?$') or 0)
  redis.call('HSET', KEYS[4], ARGV[2], before + 1)
  redis.call('HDEL', KEYS[4], ARGV[1])
end
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('SREM', KEYS[5], ARGV[1]) end
return line

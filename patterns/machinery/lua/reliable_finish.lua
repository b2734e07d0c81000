-- Acknowledges a line that a consumer took over, or puts it aside.
-- One step, or a dead letter could be lost. No transaction, which Redis refuses when it is full.
-- A full Redis also refuses LPUSH: it comes first, so that the line then stays where it is.
--
-- KEYS[1]  list of the lines that the consumer has not acknowledged
-- KEYS[2]  hash: by consumer, how often consumers died with the line that it took over
-- KEYS[3]  list of the dead letters
-- ARGV[1]  name of the consumer
-- ARGV[2]  the line
-- ARGV[3]  1 if the line is a dead letter, else 0
--
-- Returns 1, or 0 if it is a dead letter that the consumer has lost to one that took it over.
if ARGV[3] == '1' then
  local is_there = false
  for _, line in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
    is_there = is_there or line == ARGV[2]
  end
  if not is_there then return 0 end
  redis.call('LPUSH', KEYS[3], ARGV[2])
end
redis.call('LREM', KEYS[1], 1, ARGV[2])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1

-- Pushes lines onto the list of each listener that is there, or was within the last minute.
-- In one step, so that each listener gets all lines of a send, in the order of all sends.
--
-- KEYS[1]  sorted set: the listeners by their names, with the second of their last heartbeat
-- ARGV[1]  what the key of each list begins with; the listener's name is added
-- ARGV[2]  seconds that a list is kept while its listener is away
-- ARGV[3]  and on: the lines
--
-- Returns how many listeners get each line, and how many lines the longest of their lists has now.
local prefix, kept_for = ARGV[1], tonumber(ARGV[2])
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - kept_for)
local listeners, longest = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES'), 0
for i = 1, #listeners, 2 do
  local list, heartbeat = prefix .. listeners[i], tonumber(listeners[i + 1])
  local length = 0
  for first = 3, #ARGV, 1000 do  -- a call takes some thousands of arguments at most
    length = redis.call('RPUSH', list, unpack(ARGV, first, math.min(first + 999, #ARGV)))
  end
  redis.call('EXPIREAT', list, heartbeat + kept_for)
  longest = math.max(longest, length)
end
return {#listeners / 2, longest}

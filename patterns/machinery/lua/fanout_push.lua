-- Pushes lines onto the list of each listener whose last heartbeat is recent enough.
-- One step, so that every list gets all lines of a send, and all sends in the same order.
--
-- KEYS[1]  sorted set: the names of the listeners, scored by the second of their last heartbeat
-- ARGV[1]  prefix of the key of each list; the listener's name follows
-- ARGV[2]  seconds that a list outlives its listener's last heartbeat
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
  -- Another program may have written a score that is no time.
  redis.call('EXPIREAT', list, math.floor(math.min(heartbeat, now)) + kept_for)
  longest = math.max(longest, length)
end
return {#listeners / 2, longest}

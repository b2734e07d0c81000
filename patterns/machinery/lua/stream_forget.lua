-- Removes consumers that have nothing pending from a group. Redis itself never removes one, even
-- after others have taken over the messages of a dead consumer.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  milliseconds that a consumer must have been idle
-- ARGV[3]  name of the one consumer to remove, idle or not; empty: all that are idle
local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if consumers.err then return end
for _, fields in ipairs(consumers) do
  local one = {}
  for i = 1, #fields, 2 do one[fields[i]] = fields[i + 1] end
  local meant = ARGV[3] == '' and one.idle > tonumber(ARGV[2]) or ARGV[3] == one.name
  if one.pending == 0 and meant then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], one.name)
  end
end

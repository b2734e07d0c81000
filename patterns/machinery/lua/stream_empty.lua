-- Removes entries that are not pending, some at a time, so that a long stream holds up nobody.
-- Deleting the stream would also delete its groups, and what is pending in them.
--
-- KEYS[1]  the stream
-- ARGV[1]  the id to go on after; empty the first time, which moves every group to the end
-- ARGV[2]  the last id to remove; empty the first time
-- ARGV[3]  how many entries to look at, 1,000 at most
--
-- Returns how many entries were removed, the id to go on after (empty if there is no more), and the
-- last id to remove.
if redis.call('EXISTS', KEYS[1]) == 0 then return {0, '', ''} end
local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
local from, last = '(' .. ARGV[1], ARGV[2]
if last == '' then
  local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
  if #newest == 0 then return {0, '', ''} end
  from, last = '-', newest[1][1]
  for _, group in ipairs(groups) do redis.call('XGROUP', 'SETID', KEYS[1], group[2], '$') end
end
local entries = redis.call('XRANGE', KEYS[1], from, last, 'COUNT', ARGV[3])
if #entries == 0 then return {0, '', last} end
local to = entries[#entries][1]
local in_hand = {}
for _, group in ipairs(groups) do
  -- An entry may also be pending that was deleted, so there can be more of these.
  local after = entries[1][1]
  while true do
    local pending = redis.call('XPENDING', KEYS[1], group[2], after, to, 1000)
    for _, one in ipairs(pending) do in_hand[one[1]] = true end
    if #pending < 1000 then break end
    after = '(' .. pending[#pending][1]
  end
end
local ids = {}
for _, entry in ipairs(entries) do
  if not in_hand[entry[1]] then ids[#ids + 1] = entry[1] end
end
if #ids > 0 then redis.call('XDEL', KEYS[1], unpack(ids)) end
return {#ids, to, last}

-- Removes all entries that are not pending, and moves every group to the end of the stream.
-- Deleting the stream would also delete its groups, and what is pending in them.
--
-- KEYS[1]  the stream
--
-- Returns how many entries were removed.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
local removed, after = 0, '-'
while true do
  local entries = redis.call('XRANGE', KEYS[1], after, '+', 'COUNT', 500)
  if #entries == 0 then break end
  local first, last = entries[1][1], entries[#entries][1]
  local in_hand = {}
  for _, group in ipairs(groups) do
    local from = first
    while true do
      local pending = redis.call('XPENDING', KEYS[1], group[2], from, last, 1000)
      for _, one in ipairs(pending) do in_hand[one[1]] = true end
      if #pending < 1000 then break end
      from = '(' .. pending[#pending][1]
    end
  end
  local ids = {}
  for _, entry in ipairs(entries) do
    if not in_hand[entry[1]] then ids[#ids + 1] = entry[1] end
  end
  if #ids > 0 then removed = removed + redis.call('XDEL', KEYS[1], unpack(ids)) end
  after = '(' .. last
end
for _, group in ipairs(groups) do redis.call('XGROUP', 'SETID', KEYS[1], group[2], '$') end
return removed

-- Removes the entries that every group has acknowledged.
-- A group still needs an entry that it was not given yet, or that is pending in it.
--
-- KEYS[1]  the stream
-- ARGV     ids of entries that a group has just acknowledged
if redis.call('EXISTS', KEYS[1]) == 0 then return end
for _, id in ipairs(ARGV) do
  local ms, seq = id:match('(%d+)-(%d+)')
  local needed = false
  for _, fields in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    local group = {}
    for i = 1, #fields, 2 do group[fields[i]] = fields[i + 1] end
    local last_ms, last_seq = group['last-delivered-id']:match('(%d+)-(%d+)')
    local behind = tonumber(ms) - tonumber(last_ms)
    if behind == 0 then behind = tonumber(seq) - tonumber(last_seq) end
    if behind > 0 or #redis.call('XPENDING', KEYS[1], group.name, id, id, 1) > 0 then
      needed = true
    end
  end
  if not needed then redis.call('XDEL', KEYS[1], id) end
end

-- Acknowledges entries for a group, and removes those that every group has acknowledged.
-- A group still needs an entry that it was not given yet, or that is pending in it.
-- One step, or a dead letter could be lost. No transaction, which Redis refuses when it is full.
--
-- KEYS[1]  the stream
-- KEYS[2]  list of the dead letters
-- ARGV[1]  the group
-- ARGV[2]  how many dead letters follow: lines that are put aside
-- ARGV     after these, the ids of the entries
local dead_letters = tonumber(ARGV[2])
for i = 3, 2 + dead_letters do redis.call('LPUSH', KEYS[2], ARGV[i]) end
for i = 3 + dead_letters, #ARGV do
  local id = ARGV[i]
  redis.call('XACK', KEYS[1], ARGV[1], id)
  local ms, seq = id:match('(%d+)-(%d+)')
  local needed = redis.call('EXISTS', KEYS[1]) == 0
  for _, fields in ipairs(needed and {} or redis.call('XINFO', 'GROUPS', KEYS[1])) do
    local group = {}
    for j = 1, #fields, 2 do group[fields[j]] = fields[j + 1] end
    local last_ms, last_seq = group['last-delivered-id']:match('(%d+)-(%d+)')
    local behind = tonumber(ms) - tonumber(last_ms)
    if behind == 0 then behind = tonumber(seq) - tonumber(last_seq) end
    if behind > 0 or #redis.call('XPENDING', KEYS[1], group.name, id, id, 1) > 0 then
      needed = true
    end
  end
  if not needed then redis.call('XDEL', KEYS[1], id) end
end

-- Acknowledges entries for a group, and removes those that every group has acknowledged.
-- A group still needs an entry that it was not given yet, or that is pending in it.
-- One step, or a dead letter could be lost. No transaction, which Redis refuses when it is full.
-- A full Redis also refuses LPUSH: it comes first, so that the entry then stays pending.
--
-- KEYS[1]  the stream
-- KEYS[2]  list of the dead letters
-- ARGV[1]  the group
-- ARGV[2]  the consumer that puts one entry aside as a dead letter; else empty
-- ARGV[3]  the line of this entry; else empty
-- ARGV[4]  and on: the ids of the entries
--
-- Returns 1, or 0 if it is a dead letter that the consumer has lost to one that took it over. Then
-- it is not acknowledged either: the other consumer would find that it has lost it as well.
if ARGV[2] ~= '' then
  local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[4], ARGV[4], 1, ARGV[2])
  if #pending == 0 then return 0 end  -- also where there is no such group any more
  redis.call('LPUSH', KEYS[2], ARGV[3])
end
for i = 4, #ARGV do
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
return 1

-- Deletes lists and counts what was in them, in one step, so that every line is counted once.
-- No transaction, which Redis refuses when it is full. UNLINK frees the memory of a long list later.
--
-- KEYS  the lists
--
-- Returns how many lines were deleted.
local deleted = 0
-- All are counted first: where one is of another type, this raises before any is deleted.
for _, key in ipairs(KEYS) do deleted = deleted + redis.call('LLEN', key) end
for _, key in ipairs(KEYS) do redis.call('UNLINK', key) end
return deleted

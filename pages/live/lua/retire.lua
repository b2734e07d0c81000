-- Replaces the records of processes that are over by one that stands for all of them.
-- One step, because each web process may do this, and each may keep records meanwhile.
--
-- KEYS[1]  hash: the last report of each process
-- ARGV[1]  id of the report that stands for all of them
-- ARGV[2]  that report as it was, empty if there was none
-- ARGV[3]  that report as it shall be
-- ARGV     after these, the ids of the records that it replaces
--
-- Returns 1, or 0 if another web process was faster.
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
for i = 4, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
return 1

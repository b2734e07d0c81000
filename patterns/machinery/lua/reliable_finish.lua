-- Acknowledges a line that a consumer took over, or puts it aside.
-- One step, or a dead letter could be lost. No transaction, which Redis refuses when it is full.
--
-- KEYS[1]  list of the lines that the consumer has not acknowledged
-- KEYS[2]  hash: by consumer, how often consumers died with the line that it took over
-- KEYS[3]  list of the dead letters
-- ARGV[1]  name of the consumer
-- ARGV[2]  the line
-- ARGV[3]  1 if the line is a dead letter, else 0
if ARGV[3] == '1' then redis.call('LPUSH', KEYS[3], ARGV[2]) end
redis.call('LREM', KEYS[1], 1, ARGV[2])
redis.call('HDEL', KEYS[2], ARGV[1])

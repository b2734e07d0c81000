-- Keeps a new code instead of the former one.
--
-- KEYS[1]  hash of the code: salt, digest, and how often it was tried
-- KEYS[2]  string: what became of the last code, «sent» or «used»
-- ARGV[1]  salt
-- ARGV[2]  digest
-- ARGV[3]  how long the code is valid, in ms
-- ARGV[4]  how long the mark stays, in seconds
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'salt', ARGV[1], 'digest', ARGV[2], 'tries', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], 'sent', 'EX', ARGV[4])

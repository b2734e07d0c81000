-- Uses up a code that was given; of those who give it at once, one is the first.
--
-- KEYS[1]  hash of the code: salt, digest, and how often it was tried
-- KEYS[2]  string: what became of the last code, «sent» or «used»
-- ARGV[1]  digest of the code that was given
-- ARGV[2]  how long the mark stays, in seconds
--
-- Returns nothing to the first; to others the mark.
if redis.call('HGET', KEYS[1], 'digest') ~= ARGV[1] then
  return redis.call('GET', KEYS[2]) or 'sent'
end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], 'used', 'EX', ARGV[2])
return false

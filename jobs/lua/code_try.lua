-- Counts a try, before anything is compared.
--
-- KEYS[1]  hash of the code: salt, digest, and how often it was tried
-- KEYS[2]  string: what became of the last code, «sent» or «used»
-- ARGV[1]  how often a code may be tried
--
-- Returns the mark, salt, digest and the number of this try; an empty salt where no code is valid.
local tries = redis.call('HGET', KEYS[1], 'tries')
if not tries then return {redis.call('GET', KEYS[2]) or '', '', '', 0} end
tries = tonumber(tries) + 1
if tries <= tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'tries', tries) end
return {'', redis.call('HGET', KEYS[1], 'salt'), redis.call('HGET', KEYS[1], 'digest'), tries}

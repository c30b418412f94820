-- The count comes last: without it no incident can be declared, so half a restore is never taken for a whole one.
-- KEYS: restoring, counter   ARGV: digest of the backup, the last number   -> 1 or 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) > 0 then redis.call('SET', KEYS[2], ARGV[2]) end
redis.call('DEL', KEYS[1])
return 1

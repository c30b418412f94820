-- KEYS: restoring, gists
-- ARGV: digest of the backup, then as put_gist   -> 1 or 0
local digest, prefix, incident, version, shelf, words, rest = unpack(ARGV)
if redis.call('GET', KEYS[1]) ~= digest then return 0 end
put_gist(prefix, KEYS[2], incident, version, shelf, words, rest)
return 1

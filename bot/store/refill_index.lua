-- All that is made from a log. KEYS: restoring, listings, open, channels
-- ARGV: digest of the backup, prefix, incident, listing, '1' if active, channel or '', then name, due ms, true due
--       of each timer   -> 1 or 0
local restoring, listings, open, channels = unpack(KEYS)
local digest, prefix, incident, listing, active, channel = unpack(ARGV, 1, 6)
if redis.call('GET', restoring) ~= digest then return 0 end
redis.call('HSET', listings, incident, listing)
if active == '1' then redis.call('ZADD', open, incident, incident) end
if channel ~= '' then redis.call('HSET', channels, channel, incident) end
local wanted = {}
for i = 7, #ARGV, 3 do wanted[#wanted + 1] = {ARGV[i], ARGV[i + 1], ARGV[i + 2]} end
set_timers(prefix, incident, wanted)
return 1

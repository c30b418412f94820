-- All that is made from a log. KEYS: restoring, listings, open, channels
-- ARGV: digest of the backup, prefix, incident, listing, '1' if active, channel or '', since when it is unclosed in ms or '',
--       then counted lists: timers (name, due ms, true due), follow-ups (as followups.lua takes them), contributing factors
--       (as factors.lua takes them), claims of alerts   -> 1 or 0
local restoring, listings, open, channels = unpack(KEYS)
local digest, prefix, incident, listing, active, channel, unclosed = unpack(ARGV, 1, 7)
if redis.call('GET', restoring) ~= digest then return 0 end
redis.call('HSET', listings, incident, listing)
if active == '1' then redis.call('ZADD', open, incident, incident) end
if channel ~= '' then redis.call('HSET', channels, channel, incident) end
list_unclosed(prefix, incident, unclosed)
local cursor = 7
local function take_list(width)
  local list = {}
  cursor = cursor + 1
  for i = 1, tonumber(ARGV[cursor]) do
    list[i] = {}
    for j = 1, width do list[i][j] = ARGV[cursor + j] end
    cursor = cursor + width
  end
  return list
end
set_timers(prefix, incident, take_list(3))
index_followups(prefix, incident, take_list(8))
index_factors(prefix, incident, take_list(8))
reroute(prefix, incident, take_list(1), {}, '')
return 1

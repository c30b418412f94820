-- Incidents that are listed and have no gist, from a number downwards. KEYS: listings, gists, counter
-- ARGV: from ('' for the newest), most to look at, most to answer   -> where to go on (0: at the end), {number, ...}
local listings, gists, counter = unpack(KEYS)
local at = tonumber(ARGV[1]) or tonumber(redis.call('GET', counter) or 0)
local last, most, missing = math.max(at - tonumber(ARGV[2]), 0), tonumber(ARGV[3]), {}
while at > last and #missing < most do
  if redis.call('HEXISTS', gists, at) == 0 and redis.call('HEXISTS', listings, at) == 1 then
    missing[#missing + 1] = at
  end
  at = at - 1
end
return {at, missing}

-- KEYS: ready, dead   ARGV: prefix, lane, token, effect id, reason, most to keep   -> 1 or 0
local prefix, lane, token, id = unpack(ARGV)
if not holds_lease(prefix, lane, token, id) then return 0 end
local attempts = tonumber(redis.call('HGET', prefix .. 'lease:' .. lane, 'attempt') or 1)
local effect = string.sub(pop_head(prefix, lane, 0), #id + 2)
local letter = {id = id, lane = lane, reason = ARGV[5], attempts = attempts, at_ms = now_ms(), effect = effect}
redis.call('LPUSH', KEYS[2], cjson.encode(letter))
redis.call('LTRIM', KEYS[2], 0, tonumber(ARGV[6]) - 1)
return 1

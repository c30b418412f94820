-- KEYS: ready   ARGV: prefix, lane, token, effect id, again in ms, '1' if uncertain, reason   -> 1 or 0
-- Uncertainty stays: a later attempt that failed for certain says nothing about an earlier one.
local prefix, lane, token, id = unpack(ARGV)
if not holds_lease(prefix, lane, token, id) then return 0 end
local state = prefix .. 'lease:' .. lane
redis.call('HDEL', state, 'token')
redis.call('HSET', state, 'reason', ARGV[7])
if ARGV[6] == '1' then redis.call('HSET', state, 'uncertain', '1') end
redis.call('ZADD', KEYS[1], now_ms() + tonumber(ARGV[5]), lane)
return 1

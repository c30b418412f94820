-- KEYS: ready, limits
-- ARGV: prefix, lane, token, effect id, again in ms, '1' if uncertain, reason, '1' if it counts as the effect's own
--       failure, the limit of Slack's that was met or ''   -> 1 or 0
-- Uncertainty stays: a later attempt that failed for certain says nothing about an earlier one.
-- A limit is kept for as long as the wait, so that no other process runs into it meanwhile.
local prefix, lane, token, id = unpack(ARGV)
local now, wait, limit = now_ms(), tonumber(ARGV[5]), ARGV[9]
if limit ~= '' then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  redis.call('ZADD', KEYS[2], now + wait, limit)
end
if not holds_lease(prefix, lane, token, id) then return 0 end
local state = prefix .. 'lease:' .. lane
redis.call('HDEL', state, 'token')
redis.call('HSET', state, 'reason', ARGV[7])
if ARGV[6] == '1' then redis.call('HSET', state, 'uncertain', '1') end
if ARGV[8] == '1' then redis.call('HINCRBY', state, 'failures', 1) end
redis.call('ZADD', KEYS[1], now + wait, lane)
return 1

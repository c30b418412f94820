-- Leases the heads of lanes that are ready, longest waiting first, and tells which of Slack's limits are to be heeded.
-- KEYS: ready, limits   ARGV: prefix, most, token, lease in ms, valid until in ms
-- -> {{lane, entry, attempt, uncertain, version, failures, begun in ms}, ...}, {limit, ms left, ...};
--    or only what the time is, where nobody waits any more
-- The version is that of the effect's incident now, so that whoever remembers it need not ask again.
-- A token that is still there was never given back: its holder died at work, and nobody knows how far it came.
local ready, limits = KEYS[1], KEYS[2]
local prefix, most, token, span = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local now = now_ms()
if is_late(ARGV[5]) then return now end
local leases = {}
keep_time(prefix, now)

local function version_of(entry)
  local incident = string.match(entry, '^(%d+)%.')
  local last = incident and redis.call('XREVRANGE', prefix .. 'incident:' .. incident, '+', '-', 'COUNT', 1)[1]
  return last and string.match(last[1], '^%d+') or '0'
end

for _, lane in ipairs(redis.call('ZRANGEBYSCORE', ready, '-inf', now, 'LIMIT', 0, most)) do
  local state = prefix .. 'lease:' .. lane
  local head = redis.call('LINDEX', prefix .. 'lane:' .. lane, 0)
  if not head then
    redis.call('ZREM', ready, lane)
    redis.call('DEL', state)
  else
    local died = redis.call('HEXISTS', state, 'token') == 1
    if died or is_revived(head) then redis.call('HSET', state, 'uncertain', '1') end
    local attempt = redis.call('HINCRBY', state, 'attempt', 1)
    redis.call('HSETNX', state, 'begun', now)
    redis.call('HSET', state, 'token', token)
    redis.call('ZADD', ready, now + span, lane)
    local kept = redis.call('HMGET', state, 'uncertain', 'failures', 'begun')
    leases[#leases + 1] = {lane, head, attempt, kept[1] or '0', version_of(head), kept[2] or '0', kept[3]}
  end
end

local heeded = redis.call('ZRANGEBYSCORE', limits, '(' .. now, '+inf', 'WITHSCORES')
for i = 2, #heeded, 2 do heeded[i] = heeded[i] - now end
return {leases, heeded}

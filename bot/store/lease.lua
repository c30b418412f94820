-- Leases the heads of lanes that are ready, longest waiting first.
-- KEYS: ready   ARGV: prefix, most, token, lease in ms, valid until in ms
-- -> {lane, entry, attempt, uncertain, version}, ...; or only what the time is, where nobody waits any more
-- The version is that of the effect's incident now, so that whoever remembers it need not ask again.
-- A token that is still there was never given back: its holder died at work, and nobody knows how far it came.
local ready = KEYS[1]
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
    if redis.call('HEXISTS', state, 'token') == 1 then redis.call('HSET', state, 'uncertain', '1') end
    local attempt = redis.call('HINCRBY', state, 'attempt', 1)
    redis.call('HSET', state, 'token', token)
    redis.call('ZADD', ready, now + span, lane)
    leases[#leases + 1] = {lane, head, attempt, redis.call('HGET', state, 'uncertain') or '0', version_of(head)}
  end
end
return leases

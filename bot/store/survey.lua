-- What waits, as a doctor sees it. KEYS: ready, timers, dead   ARGV: prefix, most lanes, how far our clock was moved on in ms
-- -> now in ms, number of lanes, {{lane, ready at in ms, length, head's id, '1' if leased, attempt, begun in ms, reason}, ...},
--    number of overdue timers, the longest overdue one and when it was due in ms (or '' and 0)
local ready, timers, prefix = KEYS[1], KEYS[2], ARGV[1]
local now = now_ms()
local lanes = {}
local found = redis.call('ZRANGE', ready, 0, tonumber(ARGV[2]) - 1, 'WITHSCORES')
for i = 1, #found, 2 do
  local lane = found[i]
  local head = redis.call('LINDEX', prefix .. 'lane:' .. lane, 0) or ''
  local state = redis.call('HMGET', prefix .. 'lease:' .. lane, 'token', 'attempt', 'begun', 'reason')
  lanes[#lanes + 1] = {
    lane, found[i + 1], redis.call('LLEN', prefix .. 'lane:' .. lane), string.match(head, '^(%S+) ') or '',
    state[1] and '1' or '0', state[2] or '0', state[3] or '', state[4] or '',
  }
end
local moved = now + tonumber(ARGV[3])
local first = redis.call('ZRANGE', timers, 0, 0, 'WITHSCORES')
return {
  now, redis.call('ZCARD', ready), lanes, redis.call('ZCOUNT', timers, '-inf', moved), first[1] or '', first[2] or 0,
}

-- Claims timers that are due, longest overdue first, and hides them for the lease's time.
-- KEYS: timers   ARGV: prefix, most, lease in ms, how far our clock was moved on in ms, valid until in ms
-- -> now in ms (not moved on), {{incident, name, true due}, ...}; or only now, where nobody waits any more
local timers = KEYS[1]
local prefix, most, span = ARGV[1], ARGV[2], tonumber(ARGV[3])
local told = now_ms()
if is_late(ARGV[5]) then return told end
local now = told + tonumber(ARGV[4])
local claimed = {}
keep_time(prefix, told)
for _, member in ipairs(redis.call('ZRANGEBYSCORE', timers, '-inf', now, 'LIMIT', 0, most)) do
  local incident, name = string.match(member, '^(%d+):(.*)$')
  local due = redis.call('HGET', prefix .. 'timers:' .. incident, name)
  if due then
    redis.call('ZADD', timers, now + span, member)
    claimed[#claimed + 1] = {incident, name, due}
  else
    redis.call('ZREM', timers, member)
  end
end
return {told, claimed}

-- Makes the incident's timers exactly `wanted`, a list of {name, due in ms, true due in µs}.
-- A timer that somebody has claimed and whose due time stays the same remains hidden for the rest of the claim.
local function set_timers(prefix, incident, wanted)
  local all, own = prefix .. 'timers', prefix .. 'timers:' .. incident
  local gone = {}
  local held = redis.call('HGETALL', own)
  for i = 1, #held, 2 do gone[held[i]] = held[i + 1] end
  for _, timer in ipairs(wanted) do
    local name, due_ms, due = timer[1], timer[2], timer[3]
    if gone[name] ~= due then
      redis.call('HSET', own, name, due)
      redis.call('ZADD', all, due_ms, incident .. ':' .. name)
    end
    gone[name] = nil
  end
  for name, _ in pairs(gone) do
    redis.call('HDEL', own, name)
    redis.call('ZREM', all, incident .. ':' .. name)
  end
end

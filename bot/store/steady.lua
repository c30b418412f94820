-- The store's clock may be set back (by NTP, or a move of its machine). What was planned by it would then lie as far
-- ahead: lanes, leases, limits and claims would stand still for an hour. `clock` holds the latest time seen, at most 5 s old.
local STEADY_EVERY, STEADY_SLACK = 5000, 1000

local function plan_anew(prefix, now, back)
  for _, waiting in ipairs({prefix .. 'ready', prefix .. 'limits'}) do
    local later = redis.call('ZRANGEBYSCORE', waiting, '(' .. now, '+inf', 'WITHSCORES')
    for i = 1, #later, 2 do
      redis.call('ZADD', waiting, math.max(now, tonumber(later[i + 1]) - back), later[i])
    end
  end
  local timers = prefix .. 'timers'
  -- When a timer is due was told by people or the policy, and stands; when a claim of it ends is found anew.
  for _, member in ipairs(redis.call('ZRANGE', timers, 0, -1)) do
    local incident, name = string.match(member, '^(%d+):(.*)$')
    local due = redis.call('HGET', prefix .. 'timers:' .. incident, name)
    if due then redis.call('ZADD', timers, math.ceil(tonumber(due) / 1000), member) end
  end
end

local function keep_time(prefix, now)
  local seen = tonumber(redis.call('GET', prefix .. 'clock') or 0)
  if now >= seen and now < seen + STEADY_EVERY then return end
  -- A store that takes no writes says so where it matters; this is only a look at the clock.
  local noted = redis.pcall('SET', prefix .. 'clock', now)
  if noted.ok and seen - now > STEADY_SLACK then plan_anew(prefix, now, seen - now) end
end

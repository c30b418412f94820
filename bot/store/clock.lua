-- Time is the store's own, in milliseconds, so that no process's clock decides who is late.
-- Before Redis 7 a script that reads the time may write only when its effects are replicated.
if redis.replicate_commands then redis.replicate_commands() end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Whether nobody waits for this any more: a server that stood still finds old commands in its sockets when it wakes.
-- `until_ms` '': for as long as it takes.
local function is_late(until_ms)
  return until_ms ~= '' and now_ms() > tonumber(until_ms)
end

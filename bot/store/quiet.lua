-- Notes alerts that a maintenance window kept quiet: each once, its repetitions counted, and none of them twice.
-- KEYS: alerts, counts   ARGV: how many different ones are kept, for how long (s), then key, entry and alert of each
-- An entry is '<ms>-<number>' of the inbox and rises; one that is not after the last of its alert was counted before.
local alerts, counts = KEYS[1], KEYS[2]
local most, kept_for = tonumber(ARGV[1]), ARGV[2]

local function is_after(entry, last)
  local ms, number = string.match(entry, '^(%d+)-(%d+)$')
  local last_ms, last_number = string.match(last or '', '^(%d+)-(%d+)$')
  if not (ms and last_ms) then return true end
  ms, last_ms = tonumber(ms), tonumber(last_ms)
  return ms > last_ms or (ms == last_ms and tonumber(number) > tonumber(last_number))
end

for at = 3, #ARGV, 3 do
  local key, entry, alert = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local known = redis.call('HEXISTS', alerts, key) == 1
  local counted = known or redis.call('HLEN', alerts) < most
  local last = counted and '@' .. key or '@more'
  if is_after(entry, redis.call('HGET', counts, last)) then
    if counted then redis.call('HSETNX', alerts, key, alert) end
    redis.call('HINCRBY', counts, counted and key or '#more', 1)
    redis.call('HSET', counts, last, entry)
  end
end
redis.call('EXPIRE', alerts, kept_for)
redis.call('EXPIRE', counts, kept_for)
return 1

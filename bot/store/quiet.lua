-- Notes alerts that a maintenance window kept quiet: each once, its repetitions counted.
-- KEYS: alerts, counts   ARGV: how many different ones are kept, for how long (s), then key and alert of each
local alerts, counts = KEYS[1], KEYS[2]
local most, kept_for = tonumber(ARGV[1]), ARGV[2]
for at = 3, #ARGV, 2 do
  local known = redis.call('HEXISTS', alerts, ARGV[at]) == 1
  if known or redis.call('HLEN', alerts) < most then
    redis.call('HSETNX', alerts, ARGV[at], ARGV[at + 1])
    redis.call('HINCRBY', counts, ARGV[at], 1)
  else
    redis.call('HINCRBY', counts, '#more', 1)
  end
end
redis.call('EXPIRE', alerts, kept_for)
redis.call('EXPIRE', counts, kept_for)
return 1

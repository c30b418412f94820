-- KEYS: changes (sorted set of ids by ms), their texts (hash)
-- ARGV: id, at ms, JSON, forget before ms, keep
-- -> 1 recorded, 0 it was there
local times, texts = KEYS[1], KEYS[2]
if redis.call('HSETNX', texts, ARGV[1], ARGV[3]) == 0 then return 0 end
redis.call('ZADD', times, ARGV[2], ARGV[1])

local function forget(ids)
  for _, id in ipairs(ids) do
    redis.call('HDEL', texts, id)
    redis.call('ZREM', times, id)
  end
end

forget(redis.call('ZRANGEBYSCORE', times, '-inf', '(' .. ARGV[4], 'LIMIT', 0, 100))
forget(redis.call('ZRANGE', times, 0, -(tonumber(ARGV[5]) + 1)))
return 1

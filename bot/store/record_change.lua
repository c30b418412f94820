-- KEYS: changes (sorted set of ids by ms), their texts (hash), ready
-- ARGV: prefix, id, at ms, JSON, forget before ms, keep, then what is to be told, as push_told takes it
-- -> 1 recorded, 0 it was there
local times, texts = KEYS[1], KEYS[2]
local prefix, id, at, text, oldest, keep = unpack(ARGV, 1, 6)
if redis.call('HSETNX', texts, id, text) == 0 then return 0 end
redis.call('ZADD', times, at, id)
push_told(prefix, 7)

local function forget(ids)
  for _, each in ipairs(ids) do
    redis.call('HDEL', texts, each)
    redis.call('ZREM', times, each)
  end
end

forget(redis.call('ZRANGEBYSCORE', times, '-inf', '(' .. oldest, 'LIMIT', 0, 100))
forget(redis.call('ZRANGE', times, 0, -(tonumber(keep) + 1)))
return 1

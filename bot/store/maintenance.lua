-- Changes a maintenance window: its state, its line of the log and what is to be told, in one step.
-- KEYS: windows, keys, log, ready   ARGV: prefix, number, key of the wish, the revision that was seen (0 for a new one),
--       the state from now on ('' where it is forgotten), the line of the log, then lane and effect of each effect
-- -> 1; 0 where somebody else was faster; the number below zero where this wish has a window already
local windows, keys, log = KEYS[1], KEYS[2], KEYS[3]
local prefix, number, key, seen, after, line = unpack(ARGV, 1, 6)
if seen == '0' then
  local taken = redis.call('HGET', keys, key)
  if taken then return -tonumber(taken) end
  redis.call('HSET', keys, key, number)
elseif string.match(redis.call('HGET', windows, number) or '', '^%d+') ~= seen then
  return 0
end
if after == '' then
  redis.call('HDEL', windows, number)
  redis.call('HDEL', keys, key)
else
  redis.call('HSET', windows, number, after)
end
redis.call('XADD', log, '*', 'data', line)
for at = 7, #ARGV, 2 do
  local id = '0.0.' .. redis.call('INCR', prefix .. 'maintenance:told')
  push_effect(prefix, ARGV[at], 0, id .. ' ' .. ARGV[at + 1])
end
return 1

-- Changes a numbered thing of a register (a maintenance window, a freeze): its state, its line of the log and what is
-- to be told, in one step.
-- KEYS: standing, wishes, log, ready   ARGV: prefix, number, key of the wish, the revision that was seen (0 for a new one),
--       the state from now on ('' where it is forgotten), the line of the log, then what is to be told, as push_told takes it
-- -> 1; 0 where somebody else was faster; the number below zero where this wish has a thing already
local standing, wishes, log = KEYS[1], KEYS[2], KEYS[3]
local prefix, number, key, seen, after, line = unpack(ARGV, 1, 6)
if seen == '0' then
  local taken = redis.call('HGET', wishes, key)
  if taken then return -tonumber(taken) end
  redis.call('HSET', wishes, key, number)
elseif string.match(redis.call('HGET', standing, number) or '', '^%d+') ~= seen then
  return 0
end
if after == '' then
  redis.call('HDEL', standing, number)
  redis.call('HDEL', wishes, key)
else
  redis.call('HSET', standing, number, after)
end
redis.call('XADD', log, '*', 'data', line)
push_told(prefix, 7)
return 1

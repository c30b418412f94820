-- Changes what is known of a watchdog, with what is to be told, in one step.
-- KEYS: watches, ready   ARGV: prefix, name, the revision that was seen (0: none yet), the state from now on,
--       then lane and effect of each effect
-- -> 1, or 0 where somebody else was faster
local watches = KEYS[1]
local prefix, name, seen, after = unpack(ARGV, 1, 4)
local known = string.match(redis.call('HGET', watches, name) or '', '^%d+') or '0'
if known ~= seen then return 0 end
redis.call('HSET', watches, name, after)
for at = 5, #ARGV, 2 do
  local id = '0.0.' .. redis.call('INCR', prefix .. 'maintenance:told')
  push_effect(prefix, ARGV[at], 0, id .. ' ' .. ARGV[at + 1])
end
return 1

-- Changes what is known of a watchdog, with what is to be told, in one step.
-- KEYS: watches, ready   ARGV: prefix, name, the revision that was seen (0: none yet), the state from now on,
--       then what is to be told, as push_told takes it
-- -> 1, or 0 where somebody else was faster
local watches = KEYS[1]
local prefix, name, seen, after = unpack(ARGV, 1, 4)
local known = string.match(redis.call('HGET', watches, name) or '', '^%d+') or '0'
if known ~= seen then return 0 end
redis.call('HSET', watches, name, after)
push_told(prefix, 5)
return 1

-- Takes the turn of the weekly list of alerts: what is to be said, and when the next turn is, in one step.
-- KEYS: turn, ready   ARGV: prefix, the due time that was seen (ms) or '', the next one (ms), then lane and effect ('' where
--       nothing is said)
-- -> 1, or 0 where somebody else was faster
local prefix, seen, following, lane, effect = unpack(ARGV)
if (redis.call('GET', KEYS[1]) or '') ~= seen then return 0 end
redis.call('SET', KEYS[1], following)
if lane ~= '' then
  local id = '0.0.' .. redis.call('INCR', prefix .. 'maintenance:told')
  push_effect(prefix, lane, 0, id .. ' ' .. effect)
end
return 1

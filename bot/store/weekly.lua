-- Takes somebody's turn in the weekly round: what is to be said and when the next turn is, in one step.
-- KEYS: weekly, ready   ARGV: prefix, who, the due time that was seen (ms), the next one (ms), '1' where there is
--       nothing for them, then lane and effect ('' where nothing is said), and the incident that the effect names
-- -> 1, or 0 where somebody else was faster
local weekly = KEYS[1]
local prefix, who, due, next_due, has_nothing, lane, effect, incident = unpack(ARGV, 1, 8)
local found = redis.call('ZSCORE', weekly, who)
if not found or tonumber(found) ~= tonumber(due) then return 0 end
local theirs = prefix .. (who == '#digest' and 'followups:open' or 'followups:of:' .. who)
local unclosed = who == '#digest' and redis.call('EXISTS', prefix .. 'unclosed') or 0
local factors = who == '#digest' and redis.call('EXISTS', prefix .. 'factors:open') or 0
-- Something may have come since it was looked.
if has_nothing == '1' and redis.call('EXISTS', theirs) + unclosed + factors == 0 then
  redis.call('ZREM', weekly, who)
else
  redis.call('ZADD', weekly, next_due, who)
end
if lane ~= '' then
  local id = incident .. '.0.' .. redis.call('INCR', prefix .. 'weekly:count')
  push_effect(prefix, lane, 0, id .. ' ' .. effect)
end
return 1

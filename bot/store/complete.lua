-- KEYS: ready   ARGV: prefix, lane, token, effect id, ready again in ms
-- -> 0 when the lease was lost, 1 when the lane is empty now, 2 when it holds more
local prefix, lane, token, id = unpack(ARGV)
if not holds_lease(prefix, lane, token, id) then return 0 end
return select(2, pop_head(prefix, lane, tonumber(ARGV[5]))) and 2 or 1

-- KEYS: ready   ARGV: prefix, lane, token, effect id, ready again in ms   -> 1, or 0 when the lease was lost
local prefix, lane, token, id = unpack(ARGV)
if not holds_lease(prefix, lane, token, id) then return 0 end
pop_head(prefix, lane, tonumber(ARGV[5]))
return 1

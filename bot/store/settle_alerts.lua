-- Alerts that belong to no incident leave the inbox, each with its line of the alert log. KEYS: inbox
-- ARGV: prefix, then pairs of entry and decision ('' where there is nothing worth a line)
-- -> how many still waited: of two that settle one, only the first writes a line
local prefix, settled = ARGV[1], 0
for i = 2, #ARGV, 2 do
  if redis.call('XDEL', KEYS[1], ARGV[i]) == 1 then
    settled = settled + 1
    if ARGV[i + 1] ~= '' then log_decision(prefix, ARGV[i + 1]) end
  end
end
return settled

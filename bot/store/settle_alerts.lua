-- Alerts that belong to no incident leave the inbox, each with its line of the alert log. KEYS: inbox
-- ARGV: prefix, then of each: entry, decision ('' where there is nothing worth a line), and tally ('' where it counts
--       for nothing)
-- -> the entries that still waited: of two that settle one, only the first writes a line, and counts it
local prefix, settled, tallies = ARGV[1], {}, {}
for i = 2, #ARGV, 3 do
  if redis.call('XDEL', KEYS[1], ARGV[i]) == 1 then
    settled[#settled + 1] = ARGV[i]
    if ARGV[i + 1] ~= '' then log_decision(prefix, ARGV[i + 1]) end
    tallies[#settled] = ARGV[i + 2]
  end
end
tally_alerts(prefix, tallies)
return settled

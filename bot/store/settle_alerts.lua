-- Alerts that belong to no incident leave the inbox, each with its line of the alert log, unless the same was decided about
-- this firing before; what counts for nothing has its line each time. KEYS: inbox
-- ARGV: prefix, then of each: entry, decision ('' where there is nothing worth a line), and tally ('' where it counts
--       for nothing)
-- -> the entries that still waited: of two that settle one, only the first writes a line, and counts it
local prefix, settled, decisions, tallies = ARGV[1], {}, {}, {}
for i = 2, #ARGV, 3 do
  if redis.call('XDEL', KEYS[1], ARGV[i]) == 1 then
    settled[#settled + 1] = ARGV[i]
    decisions[#settled], tallies[#settled] = ARGV[i + 1], ARGV[i + 2]
  end
end
local news = tally_alerts(prefix, tallies)
for n, decision in ipairs(decisions) do
  local counts_nothing = string.match(tallies[n], '^%S+ %- ')
  if decision ~= '' and (news[n] or counts_nothing) then log_decision(prefix, decision) end
end
return settled

-- KEYS: timers, timers of the incident   ARGV: prefix, incident, then name, due ms, true due of each timer
local wanted = {}
for i = 3, #ARGV, 3 do wanted[#wanted + 1] = {ARGV[i], ARGV[i + 1], ARGV[i + 2]} end
set_timers(ARGV[1], ARGV[2], wanted)
return 1

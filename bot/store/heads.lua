-- The newest entry of each log from `first` on. KEYS: counter
-- ARGV: prefix, first, most   -> {version, seal}, ... ; version 0 where there is no log
local prefix, first, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local heads = {}
for incident = first, first + most - 1 do
  local last = redis.call('XREVRANGE', prefix .. 'incident:' .. incident, '+', '-', 'COUNT', 1)[1]
  if last then
    heads[#heads + 1] = {tonumber(string.match(last[1], '^%d+')), last[2][5] == 'mac' and last[2][6] or ''}
  else
    heads[#heads + 1] = {0, ''}
  end
end
return heads

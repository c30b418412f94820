-- Factors that have two of these words, or the kind of environment, of incidents declared since then.
-- KEYS: factors   ARGV: prefix, since (ms), most of each mark, marks ...   -> members
local prefix, since, most = ARGV[1], ARGV[2], ARGV[3]
local shared, found = {}, {}
for n = 4, #ARGV do
  local weight = string.find(ARGV[n], ':', 1, true) and 2 or 1
  local members = redis.call('ZREVRANGEBYSCORE', prefix .. 'factors:of:' .. ARGV[n], '+inf', since, 'LIMIT', 0, most)
  for _, member in ipairs(members) do
    local before = shared[member] or 0
    shared[member] = before + weight
    if before < 2 and before + weight >= 2 then found[#found + 1] = member end
  end
end
return found

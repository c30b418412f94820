-- KEYS: counter   ARGV: prefix, shelf, most, words ...
-- -> the last number given, how many incidents have each word, the newest that have all,
--    then of each word the newest that have it; `most` of each, and up to a block more
local prefix, shelf, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local count = tonumber(redis.call('GET', KEYS[1]) or 0)
local frequency, whole, found = {}, {}, {}
for n = 1, #ARGV - 3 do frequency[n], found[n] = 0, {} end

local function add(list, incidents)
  for _, incident in ipairs(incidents) do list[#list + 1] = incident end
end

for block = block_of(count), 0, -1 do
  local sets, in_all = {}, true
  for n = 1, #found do
    sets[n] = holders(prefix, shelf, ARGV[n + 3], block)
    local held = redis.call('SCARD', sets[n])
    frequency[n] = frequency[n] + held
    if held == 0 then in_all = false end
    if held > 0 and #found[n] < most then add(found[n], redis.call('SMEMBERS', sets[n])) end
  end
  if in_all and #whole < most then add(whole, redis.call('SINTER', unpack(sets))) end
end
return {count, frequency, whole, unpack(found)}

-- Values of a hash as one JSON array: a reader takes one long answer in a tenth of the time of many short ones.
-- KEYS: hash   ARGV: fields ...   -> '[…]', without those that are not there
local found = {}
for _, value in ipairs(redis.call('HMGET', KEYS[1], unpack(ARGV))) do
  if value then found[#found + 1] = value end
end
return '[' .. table.concat(found, ',') .. ']'

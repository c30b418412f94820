-- Gives the store its identity if it has none, and counts on from `after` if that is further.
-- What is passed over is noted, so that an audit does not miss it.
-- KEYS: identity, counter, skipped   ARGV: new identity, after   -> {identity, last number given}
local last, after = tonumber(redis.call('GET', KEYS[2]) or 0), tonumber(ARGV[2])
redis.call('SET', KEYS[1], ARGV[1], 'NX')
if after > last then
  redis.call('SET', KEYS[2], after)
  redis.call('HSET', KEYS[3], last + 1, after)
  last = after
end
return {redis.call('GET', KEYS[1]), last}

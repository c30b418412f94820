-- KEYS: ready   -> ms until the first lane may be leased (0: now), false when nothing waits
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return first[2] and math.max(0, tonumber(first[2]) - now_ms())

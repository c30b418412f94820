-- Claims an empty store for a restore. KEYS: restoring, checkpoints, then every key that a used store may have
-- ARGV: digest of the backup   -> 'begun', 'occupied'
-- A restore of the same backup that was cut short begins anew: until it ends, what lies there is its own.
local restoring, checkpoints = KEYS[1], KEYS[2]
local before = redis.call('GET', restoring)
if before == ARGV[1] then
  redis.call('DEL', checkpoints)
  return 'begun'
end
if before then return 'occupied' end
for i = 2, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then return 'occupied' end
end
redis.call('SET', restoring, ARGV[1])
return 'begun'

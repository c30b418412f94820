-- Claims an empty store for a restore. KEYS: restoring, identity, checkpoints, then all that a used store may have
-- ARGV: digest of the backup   -> 'begun', 'occupied'
-- It loses its identity, so that no running bot takes it for the one that it knew, and the next start asks Slack for
-- the highest number. A restore of the same backup that was cut short begins anew: until it ends, what lies there is its own.
local restoring, identity, checkpoints = KEYS[1], KEYS[2], KEYS[3]
local before = redis.call('GET', restoring)
if before == ARGV[1] then
  redis.call('DEL', checkpoints)
  return 'begun'
end
if before then return 'occupied' end
for i = 3, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then return 'occupied' end
end
redis.call('SET', restoring, ARGV[1])
redis.call('DEL', identity)
return 'begun'

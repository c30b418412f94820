-- A dead letter goes back to the end of its lane. It may have happened, so whoever does it looks first.
-- KEYS: ready, dead   ARGV: prefix, effect id   -> 1, or 0 where there is no such letter
local prefix, id = ARGV[1], ARGV[2]
for _, stored in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  local letter = cjson.decode(stored)
  if letter.id == id then
    redis.call('LREM', KEYS[2], 1, stored)
    push_effect(prefix, letter.lane, 0, id .. ' ' .. revived(letter.effect))
    return 1
  end
end
return 0

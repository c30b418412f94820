-- Proposals: `alerts:proposals` a hash of number to '<revision> <JSON>', `alerts:proposed` a hash of claims to the number
-- that alerts find by them, and two sorted sets: `alerts:proposals:open` of those that wait for an answer by when they
-- were opened (ms), `alerts:proposals:answered` of all others by when they are forgotten (ms).
-- A change: {number, the revision that was seen (0: it is new), '<revision> <JSON>' from now on or '' where it is
-- forgotten, claims that lead to it now, and no longer (each list joined by spaces), 'open' or '', ms for its sorted set}
local function proposals_are_as_seen(prefix, changes)
  for _, change in ipairs(changes) do
    local stored = redis.call('HGET', prefix .. 'alerts:proposals', change[1])
    if (string.match(stored or '', '^%d+') or '0') ~= change[2] then return false end
  end
  return true
end

local function change_proposals(prefix, changes)
  local claims, open, answered = prefix .. 'alerts:proposed', prefix .. 'alerts:proposals:open', prefix .. 'alerts:proposals:answered'
  for _, change in ipairs(changes) do
    local number, after, state, ms = change[1], change[3], change[6], change[7]
    for claim in string.gmatch(change[4], '%S+') do redis.call('HSET', claims, claim, number) end
    for claim in string.gmatch(change[5], '%S+') do
      if redis.call('HGET', claims, claim) == number then redis.call('HDEL', claims, claim) end
    end
    redis.call('ZREM', open, number)
    redis.call('ZREM', answered, number)
    if after == '' then
      redis.call('HDEL', prefix .. 'alerts:proposals', number)
    else
      redis.call('HSET', prefix .. 'alerts:proposals', number, after)
      redis.call('ZADD', state == 'open' and open or answered, ms, number)
    end
  end
end

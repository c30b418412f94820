-- Lanes: `lane:<name>` a list, `lease:<name>` its head's state, `ready` every lane that holds something.
-- A leased lane stays in `ready` with the end of its lease as score: a holder that died gives it back by itself.

-- What came back from the dead letters says so as the last field of its JSON, where no text of anybody's can stand.
local REVIVED = ',"revived":1}'

local function is_revived(entry)
  return string.sub(entry, -#REVIVED) == REVIVED
end

local function revived(effect)
  return is_revived(effect) and effect or string.sub(effect, 1, -2) .. REVIVED
end

local function effect_id(entry)
  return string.match(entry, '^(%S+) ')
end

local function holds_lease(prefix, lane, token, id)
  local head = redis.call('LINDEX', prefix .. 'lane:' .. lane, 0)
  return head and effect_id(head) == id and redis.call('HGET', prefix .. 'lease:' .. lane, 'token') == token
end

-- Takes the head off, and says whether the lane holds more. Its pause outlives an empty lane, so that the next effect
-- waits for it too.
local function pop_head(prefix, lane, ready_in)
  local list, ready = prefix .. 'lane:' .. lane, prefix .. 'ready'
  local entry = redis.call('LPOP', list)
  redis.call('DEL', prefix .. 'lease:' .. lane)
  local holds_more = redis.call('EXISTS', list) == 1
  if holds_more then
    redis.call('ZADD', ready, now_ms() + ready_in, lane)
  else
    redis.call('ZREM', ready, lane)
    if ready_in > 0 then
      redis.call('SET', prefix .. 'pause:' .. lane, now_ms() + ready_in .. ' ' .. ready_in, 'PX', ready_in)
    end
  end
  return entry, holds_more
end

-- A pause that lies further ahead than it was long was set before the clock went back.
local function end_of_pause(prefix, lane)
  local now = now_ms()
  local pause = redis.call('GET', prefix .. 'pause:' .. lane)
  local till, length = string.match(pause or '', '^(%d+) (%d+)$')
  if till and tonumber(till) - now <= tonumber(length) then return till end
  return now
end

-- keep > 0: at most so many wait, for effects that render the newest state when they run.
local function push_effect(prefix, lane, keep, entry)
  local list = prefix .. 'lane:' .. lane
  if keep > 0 and redis.call('LLEN', list) >= keep then return end
  redis.call('RPUSH', list, entry)
  redis.call('ZADD', prefix .. 'ready', 'NX', end_of_pause(prefix, lane), lane)
end

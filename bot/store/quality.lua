-- Alert quality: `alerts:quality:<week>` a hash of what happened in an ISO week (its number since that of 1970-01-01, UTC)
-- by rule of the monitoring: '@<rule>' what it is, '<rule>:<figure>' how often, '<rule>:took' seconds from detection to
-- command, '#rules' how many rules there are. What more than MOST_RULES do is counted under the rule 'rest'.
-- `alerts:known` a hash of alerts to '<state>|<end ms>|<changes ms,…>|<figures counted of this firing,…>|<when a line of
-- the alert log last told of it, ms>', and
-- `alerts:heard` a sorted set of these by when they were heard of last (ms): how a firing is told from its repetition.
local MOST_RULES, MOST_TOOK, KEPT_FOR_S = 500, 100, 14 * 7 * 24 * 3600
local MOST_KNOWN, KNOWN_FOR_MS = 20000, 25 * 3600 * 1000
local TOLD_AGAIN_AFTER_MS = 24 * 3600 * 1000
local FLAPS_AFTER, FLAPS_WITHIN_MS = 4, 30 * 60 * 1000
local WEEK_MS, THURSDAY_MS = 7 * 24 * 3600 * 1000, 3 * 24 * 3600 * 1000

local function forget_alerts(prefix, found)
  for _, alert in ipairs(found) do
    redis.call('ZREM', prefix .. 'alerts:heard', alert)
    redis.call('HDEL', prefix .. 'alerts:known', alert)
  end
end

-- Of what nothing was heard for a day it is not known whether it fires.
local function forget_old_alerts(prefix, at)
  local heard = prefix .. 'alerts:heard'
  forget_alerts(prefix, redis.call('ZRANGEBYSCORE', heard, '-inf', '(' .. (at - KNOWN_FOR_MS), 'LIMIT', 0, 1000))
  local over = redis.call('ZCARD', heard) - MOST_KNOWN
  if over > 0 then forget_alerts(prefix, redis.call('ZRANGE', heard, 0, over - 1)) end
end

local function read_alert(prefix, alert)
  local stored = redis.call('HGET', prefix .. 'alerts:known', alert)
  local state, ended, changes, counted = string.match(stored or '|0||', '^(%a*)|(%d+)|([%d,]*)|(.*)$')
  local told_at = tonumber(string.match(counted, '|(%d+)$') or 0)
  local known = {is_new = not stored, state = state, ended = tonumber(ended), changes = {}, counted = {}, told_at = told_at}
  for change in string.gmatch(changes, '%d+') do known.changes[#known.changes + 1] = tonumber(change) end
  for figure in string.gmatch(counted, '[%a_]+') do known.counted[figure] = true end
  return known
end

local function write_alert(prefix, alert, known, at)
  local counted = {}
  for figure in pairs(known.counted) do counted[#counted + 1] = figure end
  table.sort(counted)
  local changes = {}
  for n, change in ipairs(known.changes) do changes[n] = string.format('%.0f', change) end
  local state = known.state .. '|' .. string.format('%.0f', known.ended) .. '|' .. table.concat(changes, ',')
  local tail = table.concat(counted, ',') .. '|' .. string.format('%.0f', known.told_at)
  redis.call('HSET', prefix .. 'alerts:known', alert, state .. '|' .. tail)
  redis.call('ZADD', prefix .. 'alerts:heard', at, alert)
end

local function flaps(known, at)
  local recent = 0
  for _, change in ipairs(known.changes) do
    if at - change < FLAPS_WITHIN_MS then recent = recent + 1 end
  end
  return recent >= FLAPS_AFTER
end

-- -> how many firings begin by this word, and how many of them come while it flaps. An echo, which began before the
-- end that is known, begins none.
local function hear(known, state, at, began, times)
  if state == 'firing' and began < known.ended then return 0, 0 end
  local fired, flapped = 0, 0
  for n = 1, times do
    local now = state
    if (times - n) % 2 == 1 then now = state == 'firing' and 'resolved' or 'firing' end
    if now ~= known.state then
      if now == 'firing' then
        fired, known.counted = fired + 1, {}
        if flaps(known, at) then flapped = flapped + 1 end
      end
      known.state = now
      known.changes[#known.changes + 1] = at
      if #known.changes > FLAPS_AFTER then table.remove(known.changes, 1) end
    end
  end
  if known.state == 'resolved' then known.ended = began end
  return fired, flapped
end

-- By which name it is counted: its own, or 'rest' where the week has too many rules.
local function counted_rule(week, rule, told)
  if redis.call('HEXISTS', week, '@' .. rule) == 0 then
    if tonumber(redis.call('HGET', week, '#rules') or 0) >= MOST_RULES then return 'rest' end
    redis.call('HINCRBY', week, '#rules', 1)
  end
  redis.call('HSET', week, '@' .. rule, told)
  return rule
end

local function add(sums, week, rule, told, figure, count)
  if count == 0 then return end
  sums[week] = sums[week] or {}
  sums[week][rule] = sums[week][rule] or {figures = {}, took = {}}
  local of_rule = sums[week][rule]
  of_rule.told = told
  of_rule.figures[figure] = (of_rule.figures[figure] or 0) + count
  return of_rule
end

local function keep_took(week, rule, more)
  local took = redis.call('HGET', week, rule .. ':took') or ''
  local _, many = string.gsub(took, '%d+', '')
  if many < MOST_TOOK then redis.call('HSET', week, rule .. ':took', took .. table.concat(more, ' ') .. ' ') end
end

local function write_sums(sums)
  for week, rules in pairs(sums) do
    for rule, sum in pairs(rules) do
      local name = counted_rule(week, rule, sum.told)
      for figure, count in pairs(sum.figures) do redis.call('HINCRBY', week, name .. ':' .. figure, count) end
      if #sum.took > 0 then keep_took(week, name, sum.took) end
    end
    redis.call('EXPIRE', week, KEPT_FOR_S)
  end
end

-- One tally is 'alert rule state at began times figure,figure took told', '-' where there is none; see alert_codec.py.
local TALLY = '^(%S+) (%S+) (%S+) (%d+) (%d+) (%d+) (%S+) (%S+) (.*)$'

-- -> whether it says anything that was not counted of this firing before, or was told a day ago.
local function tally_alert(prefix, sums, tally)
  local alert, rule, state, at, began, times, figures, took, told = string.match(tally, TALLY)
  at, began, times = tonumber(at), tonumber(began), tonumber(times)
  local known = read_alert(prefix, alert)
  if rule == '-' and known.is_new then return false end
  if rule == '-' and state == 'firing' then
    redis.call('ZADD', prefix .. 'alerts:heard', at, alert)
    return false
  end
  local is_news = false
  local week = prefix .. 'alerts:quality:' .. string.format('%.0f', math.floor((at + THURSDAY_MS) / WEEK_MS))
  if state ~= '-' then
    local fired, flapped = hear(known, state, at, began, times)
    is_news = fired > 0
    add(sums, week, rule, told, 'fired', fired)
    add(sums, week, rule, told, 'flapped', flapped)
  end
  for figure in string.gmatch(figures, '[%a_]+') do
    if not known.counted[figure] then
      known.counted[figure], is_news = true, true
      local sum = add(sums, week, rule, told, figure, 1)
      if took ~= '-' then sum.took[#sum.took + 1] = took end
    end
  end
  is_news = is_news or at - known.told_at >= TOLD_AGAIN_AFTER_MS
  if is_news and rule ~= '-' then known.told_at = at end
  if state ~= '-' or not known.is_new then write_alert(prefix, alert, known, at) end
  return is_news
end

-- All of a batch, whose sums are written at once; '' is no tally. -> of each, whether it says anything new; of '' nobody
-- knows, so it does.
local function tally_alerts(prefix, tallies)
  local sums, newest, news = {}, 0, {}
  for _, tally in ipairs(tallies) do
    if tally ~= '' then newest = math.max(newest, tonumber(string.match(tally, '^%S+ %S+ %S+ (%d+) '))) end
  end
  if newest > 0 then forget_old_alerts(prefix, newest) end
  for n, tally in ipairs(tallies) do news[n] = tally == '' or tally_alert(prefix, sums, tally) end
  write_sums(sums)
  return news
end

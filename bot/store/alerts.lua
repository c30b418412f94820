-- Alerts: `alerts:inbox` a stream of those that wait to be decided about, `alerts:log` a bounded one of what was
-- decided, `alerts:routes` a hash of claims to the open incidents that have them ('12,15'), and
-- `alerts:answered:<claim>` '<incident> <ms>' for a week: when people ended the last incident that had it.
local ALERT_LOG_LENGTH, ANSWERED_FOR_MS = 20000, 7 * 24 * 3600 * 1000

-- Every one of the entries still waits, and no incident has any of the claims.
local function alerts_are_free(prefix, entries, claims)
  for _, entry in ipairs(entries) do
    if #redis.call('XRANGE', prefix .. 'alerts:inbox', entry[1], entry[1]) == 0 then return false end
  end
  for _, claim in ipairs(claims) do
    if redis.call('HEXISTS', prefix .. 'alerts:routes', claim[1]) == 1 then return false end
  end
  return true
end

local function log_decision(prefix, decision)
  redis.call('XADD', prefix .. 'alerts:log', 'MAXLEN', '~', ALERT_LOG_LENGTH, '*', 'data', decision)
end

-- decisions: lists of {line of the log, its tally}. tallies: what else is counted, lists of {tally}.
local function settle_alerts(prefix, entries, decisions, tallies)
  for _, entry in ipairs(entries) do redis.call('XDEL', prefix .. 'alerts:inbox', entry[1]) end
  local counted = {}
  for n, decision in ipairs(decisions) do
    log_decision(prefix, decision[1])
    counted[n] = decision[2]
  end
  for _, tally in ipairs(tallies) do counted[#counted + 1] = tally[1] end
  tally_alerts(prefix, counted)
end

-- added, gone: lists of {claim}. ended: ms, or '' where the incident did not end.
local function reroute(prefix, incident, added, gone, ended)
  local routes = prefix .. 'alerts:routes'
  for _, item in ipairs(added) do
    local held = redis.call('HGET', routes, item[1])
    redis.call('HSET', routes, item[1], held and held .. ',' .. incident or incident)
  end
  for _, item in ipairs(gone) do
    local left = {}
    for number in string.gmatch(redis.call('HGET', routes, item[1]) or '', '%d+') do
      if number ~= incident then left[#left + 1] = number end
    end
    if #left > 0 then redis.call('HSET', routes, item[1], table.concat(left, ','))
    else redis.call('HDEL', routes, item[1]) end
    if ended ~= '' then
      redis.call('SET', prefix .. 'alerts:answered:' .. item[1], incident .. ' ' .. ended, 'PX', ANSWERED_FOR_MS)
    end
  end
end

-- Everything that one command changes, or nothing: all checks stand before the first write.
-- KEYS: log, counter, listings, open, channels, request, gists
-- ARGV: prefix, incident, expected version, seal of the entry at that version ('' none, '-' unsealed writer),
--       seconds to remember the request, valid until in ms or '', the identity that the store must have or '',
--       listing, '1' if active, channel or '', since when it is unclosed in ms or '', lane, token and id of the completed effect or '',
--       shelf, words and the rest of its gist (shelf '': none),
--       then counted lists: events (type, data, seal or ''), effects (lane, keep, data), timers (name, due ms, true due),
--       follow-ups (as followups.lua takes them), contributing factors (as factors.lua takes them), of alerts: claims that
--       lead here now, and no longer, inbox entries that this settles, claims that no incident may have yet, decisions
--       with their tallies, further tallies;
--       when it ended (ms) or ''; at last the proposals that this answers (as proposals.lua takes them)
local log, counter, listings, open, channels, request, gists = unpack(KEYS)
local cursor = 0
local function take()
  cursor = cursor + 1
  return ARGV[cursor]
end
local function take_list(width)
  local list = {}
  for i = 1, tonumber(take()) do
    list[i] = {}
    for j = 1, width do list[i][j] = take() end
  end
  return list
end

local prefix, incident, expected, head, remember = take(), take(), tonumber(take()), take(), take()
local until_ms, identity = take(), take()
local listing, active, channel, unclosed = take(), take() == '1', take(), take()
local lane, token, completed = take(), take(), take()
local shelf, words, rest = take(), take(), take()
local events, effects, timers, followups = take_list(3), take_list(3), take_list(3), take_list(8)
local factors = take_list(8)
local claimed, unclaimed, entries = take_list(1), take_list(1), take_list(1)
local unless_claimed, decisions, tallies, ended = take_list(1), take_list(2), take_list(1), take()
local proposals = take_list(7)

local function end_of_log()
  local last = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
  if not last then return 0, '' end
  return tonumber(string.match(last[1], '^%d+')), last[2][5] == 'mac' and last[2][6] or ''
end

local function refusal()
  local found = redis.call('GET', prefix .. 'identity')
  if identity ~= '' and found ~= identity then return {found and 'exchanged' or 'emptied'} end
  local before = redis.call('GET', request)
  if before then return {'handled', before} end
  if lane ~= '' and not holds_lease(prefix, lane, token, completed) then return {'lost'} end
  if is_late(until_ms) then return {'late', now_ms()} end
  if not alerts_are_free(prefix, entries, unless_claimed) then return {'taken'} end
  if not proposals_are_as_seen(prefix, proposals) then return {'taken'} end
  local version, seal = end_of_log()
  if expected > 0 and version > expected then return {'conflict'} end
  -- A shorter log, or another history of the same length: the writer remembers what this store no longer has.
  if expected > 0 and version < expected then return {'diverged'} end
  if expected > 0 then return head ~= '-' and head ~= seal and {'diverged'} end
  local given = redis.call('GET', counter)
  if not given and redis.call('EXISTS', listings) == 1 then return {'uncounted'} end
  if tonumber(given or 0) ~= tonumber(incident) - 1 then return {'conflict'} end
  return version ~= 0 and {'uncounted'}
end

local refused = refusal()
if refused then return refused end

local version = expected
for _, event in ipairs(events) do
  version = version + 1
  local fields = {'type', event[1], 'data', event[2]}
  if event[3] ~= '' then fields[5], fields[6] = 'mac', event[3] end
  redis.call('XADD', log, version .. '-0', unpack(fields))
end
if expected == 0 then redis.call('SET', counter, incident) end
redis.call('SET', request, incident .. ' ' .. version, 'EX', remember)
redis.call('HSET', listings, incident, listing)
if active then redis.call('ZADD', open, incident, incident) else redis.call('ZREM', open, incident) end
if channel ~= '' then redis.call('HSET', channels, channel, incident) end
if shelf ~= '' then put_gist(prefix, gists, incident, version, shelf, words, rest) end
list_unclosed(prefix, incident, unclosed)
set_timers(prefix, incident, timers)
index_followups(prefix, incident, followups)
index_factors(prefix, incident, factors)
reroute(prefix, incident, claimed, unclaimed, ended)
settle_alerts(prefix, entries, decisions, tallies)
change_proposals(prefix, proposals)
local holds_more = lane ~= '' and select(2, pop_head(prefix, lane, 0))
for n, effect in ipairs(effects) do
  local id = incident .. '.' .. version .. '.' .. n
  push_effect(prefix, effect[1], tonumber(effect[2]), id .. ' ' .. effect[3])
end
return {'appended', version, now_ms(), holds_more and 1 or 0}

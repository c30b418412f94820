-- Changes proposals, with the alerts that leave the inbox by it, their lines of the alert log and what is to be told.
-- KEYS: proposals   ARGV: prefix, then counted lists: changes (as proposals.lua takes them), claims that neither an
--       incident nor a proposal may have yet, inbox entries, decisions with their tallies, further tallies; then what is
--       to be told, as push_told takes it
-- -> 1, or 0 where somebody else was faster
local cursor, prefix = 1, ARGV[1]
local function take_list(width)
  local list = {}
  cursor = cursor + 1
  for i = 1, tonumber(ARGV[cursor]) do
    list[i] = {}
    for j = 1, width do
      cursor = cursor + 1
      list[i][j] = ARGV[cursor]
    end
  end
  return list
end
local changes, unless_claimed, entries = take_list(7), take_list(1), take_list(1)
local decisions, tallies = take_list(2), take_list(1)
if not alerts_are_free(prefix, entries, unless_claimed) then return 0 end
if not proposals_are_as_seen(prefix, changes) then return 0 end
for _, claim in ipairs(unless_claimed) do
  if redis.call('HEXISTS', prefix .. 'alerts:proposed', claim[1]) == 1 then return 0 end
end
change_proposals(prefix, changes)
settle_alerts(prefix, entries, decisions, tallies)
push_told(prefix, cursor + 1)
return 1

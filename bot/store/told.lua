-- Puts what is to be told into the outbox: from ARGV[first] on, lane, keep and effect of each.
-- Their ids belong to no incident's log, so whoever does them asks for the newest state.
local function push_told(prefix, first)
  for at = first, #ARGV, 3 do
    local id = '0.0.' .. redis.call('INCR', prefix .. 'maintenance:told')
    push_effect(prefix, ARGV[at], tonumber(ARGV[at + 1]), id .. ' ' .. ARGV[at + 2])
  end
end

-- Takes alerts in, all of them or none. KEYS: inbox
-- ARGV: the identity that the store must have or '', prefix, how many may wait, then the alerts as JSON
-- -> {'taken'}, {'full'}, or {'emptied'} / {'exchanged'} as an append answers
local inbox = KEYS[1]
local identity, prefix, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local found = redis.call('GET', prefix .. 'identity')
if identity ~= '' and found ~= identity then return {found and 'exchanged' or 'emptied'} end
if redis.call('XLEN', inbox) + #ARGV - 3 > most then return {'full'} end
for i = 4, #ARGV do redis.call('XADD', inbox, '*', 'data', ARGV[i]) end
return {'taken'}

-- Part of a log, as it was. KEYS: restoring, log
-- ARGV: digest of the backup, '1' if the log begins here, then version, type, data, seal or '' of each entry   -> 1 or 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '1' then redis.call('DEL', KEYS[2]) end
for i = 3, #ARGV, 4 do
  local fields = {'type', ARGV[i + 1], 'data', ARGV[i + 2]}
  if ARGV[i + 3] ~= '' then fields[5], fields[6] = 'mac', ARGV[i + 3] end
  redis.call('XADD', KEYS[2], ARGV[i] .. '-0', unpack(fields))
end
return 1

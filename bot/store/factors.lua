-- The index of contributing factors, a view of the logs: `factors` their lines, `factors:open` those that are not settled
-- by when they were added, `factors:recent` all that stand by when their incident was declared, `factors:of:<mark>` those
-- with a word or a kind of environment by the same time. What returns stands in the weekly digest.
-- changed: a list of {number, line, '1' if open, '1' if it stands, added ms, declared ms, marks that it no longer has and
-- marks that it has, each joined by blanks}
local function index_factors(prefix, incident, changed)
  for _, item in ipairs(changed) do
    local number, line, is_open, stands, added, declared, gone, marks = unpack(item)
    local member = incident .. '.' .. number
    for mark in string.gmatch(gone, '%S+') do
      redis.call('ZREM', prefix .. 'factors:of:' .. mark, member)
    end
    if stands == '1' then
      redis.call('HSET', prefix .. 'factors', member, line)
      redis.call('ZADD', prefix .. 'weekly', 'NX', 0, '#digest')
      redis.call('ZADD', prefix .. 'factors:recent', declared, member)
      for mark in string.gmatch(marks, '%S+') do
        redis.call('ZADD', prefix .. 'factors:of:' .. mark, declared, member)
      end
    else
      redis.call('HDEL', prefix .. 'factors', member)
      redis.call('ZREM', prefix .. 'factors:recent', member)
    end
    if is_open == '1' then
      redis.call('ZADD', prefix .. 'factors:open', added, member)
    else
      redis.call('ZREM', prefix .. 'factors:open', member)
    end
  end
end

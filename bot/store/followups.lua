-- The index of follow-ups, a view of the logs: `followups` their lines, `followups:added` all and `followups:open` the
-- open ones by time, `followups:public` the open ones of public incidents by deadline, `followups:of:<user>` those that concern somebody, `followups:issues` whose an issue is, and `weekly` who is to hear of them.
-- changed: a list of {number, line, '1' if open, added ms, deadline in ms ('+inf' where there is none, '' of a private
-- incident), users whom it concerned and no longer does, users whom it does, its issue in a tracker or ''}
local function index_followups(prefix, incident, changed)
  local week = prefix .. 'weekly'
  for _, item in ipairs(changed) do
    local number, line, is_open, added, due, gone, concerned, issue = unpack(item)
    local member = incident .. '.' .. number
    redis.call('HSET', prefix .. 'followups', member, line)
    redis.call('ZADD', prefix .. 'followups:added', added, member)
    if issue ~= '' then redis.call('HSET', prefix .. 'followups:issues', issue, member) end
    for user in string.gmatch(gone, '[^,]+') do
      redis.call('ZREM', prefix .. 'followups:of:' .. user, member)
    end
    for user in string.gmatch(concerned, '[^,]+') do
      redis.call('ZADD', prefix .. 'followups:of:' .. user, added, member)
      redis.call('ZADD', week, 'NX', 0, user)
    end
    if is_open == '1' then
      redis.call('ZADD', prefix .. 'followups:open', added, member)
      if due ~= '' then redis.call('ZADD', prefix .. 'followups:public', due, member) end
      redis.call('ZADD', week, 'NX', 0, '#digest')
    else
      redis.call('ZREM', prefix .. 'followups:open', member)
      redis.call('ZREM', prefix .. 'followups:public', member)
    end
  end
end

-- `unclosed`: public incidents that are resolved, and that nobody closes although somebody was asked, by when they were
-- resolved; since: ms, or ''
local function list_unclosed(prefix, incident, since)
  if since == '' then
    redis.call('ZREM', prefix .. 'unclosed', incident)
  else
    redis.call('ZADD', prefix .. 'unclosed', since, incident)
    redis.call('ZADD', prefix .. 'weekly', 'NX', 0, '#digest')
  end
end

-- Gists: the words of each incident, and of each word which incidents have it, in blocks of 512 numbers. The server
-- keeps a set of so many whole numbers as one packed array (2 bytes each), so common words stay small.
local BLOCK = 512

local function block_of(incident)
  return math.floor(tonumber(incident) / BLOCK)
end

local function holders(prefix, shelf, word, block)
  return prefix .. 'words:' .. shelf .. ':' .. word .. ':' .. block
end

-- `gists` holds '<version> <words joined by a blank>\n<shelf>\n<the rest as JSON>': what is to be taken off again.
-- Whoever read an older version of the log comes too late.
local function put_gist(prefix, gists, incident, version, shelf, words, rest)
  local kept, before = {}, redis.call('HGET', gists, incident)
  local old_version, old_words, old_shelf = string.match(before or '', '^(%d+) ([^\n]*)\n([^\n]*)\n')
  if old_version and tonumber(old_version) > tonumber(version) then return 0 end
  local block = block_of(incident)
  for word in string.gmatch(words, '%S+') do kept[word] = true end
  for word in string.gmatch(old_words or '', '%S+') do
    if kept[word] and old_shelf == shelf then
      kept[word] = nil
    else
      redis.call('SREM', holders(prefix, old_shelf, word, block), incident)
    end
  end
  for word, _ in pairs(kept) do redis.call('SADD', holders(prefix, shelf, word, block), incident) end
  redis.call('HSET', gists, incident, version .. ' ' .. words .. '\n' .. shelf .. '\n' .. rest)
  return 1
end

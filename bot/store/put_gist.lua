-- KEYS: gists   ARGV: prefix, incident, version, shelf, words joined by a blank, the rest as JSON   -> 1, or 0: too late
local prefix, incident, version, shelf, words, rest = unpack(ARGV)
return put_gist(prefix, KEYS[1], incident, version, shelf, words, rest)

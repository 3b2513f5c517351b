-- Stores a row unless a change it may not contain has already invalidated the key.
-- KEYS: entry, mark, the database's horizon, the one of an emptied cache. ARGV: encoded row, time to live in ms, low 32 bits of the snapshot's xmin, the read's LSN.
local horizon = redis.call('GET', KEYS[3]) or redis.call('GET', KEYS[4])
if horizon and tonumber(ARGV[4]) < tonumber(horizon) then return 0 end
local changed = redis.call('GET', KEYS[2])
if changed and (tonumber(changed) - tonumber(ARGV[3])) % 4294967296 < 2147483648 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1

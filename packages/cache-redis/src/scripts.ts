/**
 * What runs inside the store, so that each step is one round trip and counts on the store's own clock. Each answers a list
 * whose first entry is that clock, milliseconds since the Unix epoch.
 *
 * A command may lie in the buffer of a paused server, or in a client's queue, and run a minute later. So no script is told
 * how long something lasts from when it runs: a token is told when it ends, and a lease until when it may be taken.
 */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/** A longer value is none of ours, and is neither read nor sent over the network. Characters. */
export const MAX_VALUE = 2_000_000

/** Anybody may have put anything there: what is of another type is rubbish, and so is what would take long to copy. */
const READING = `
local function read(key)
  local kind = redis.call('TYPE', key)['ok']
  if kind == 'none' then return false end
  if kind ~= 'string' or redis.call('STRLEN', key) > ${MAX_VALUE} then return '' end
  return redis.call('GET', key)
end`

/** KEYS: the token. Answers now, and if there is one: the value (empty when it is rubbish), and what PTTL says. */
export const READ: string = `${NOW}${READING}
local value = read(KEYS[1])
if not value then return { now } end
return { now, value, redis.call('PTTL', KEYS[1]) }`

/**
 * KEYS: the token. ARGV: the value, its order, when it ends. A token that was asked for earlier than the one that is there
 * is not written: its writer comes late. An order in the future is rubbish.
 */
export const WRITE: string = `${NOW}${READING}
local left = tonumber(ARGV[3]) - now
if left < 1 then return { now, 0 } end
local there = read(KEYS[1])
local order = there and tonumber(string.match(there, '^1%.%a%.(%d+)%.'))
if order and order <= now and order > tonumber(ARGV[2]) then return { now, 0 } end
redis.call('SET', KEYS[1], ARGV[1], 'PX', left)
return { now, 1 }`

/** The value of a lease begins with this; the id of its holder follows. Any other value is ignored: nobody waits for it. */
export const HOLDER = '1.'

/**
 * KEYS: the lease. ARGV: the process that asks (empty: it only reads the time), the length of the lease, and the latest time
 * at which the lease may be taken (0: any time). Answers the server's time, and 1 if the process got the lease. If another
 * process holds the lease, the lease is shortened to the length asked for: that process may have died during a renewal in
 * the background, and nobody should wait for it longer than that. Every lease expires by itself.
 */
export const LEASE: string = `${NOW}${READING}
local ttl, latest = tonumber(ARGV[2]), tonumber(ARGV[3])
if latest > 0 and now > latest then return { now, 0 } end
local holder, left = read(KEYS[1]), redis.call('PTTL', KEYS[1])
if holder and left >= 0 and string.find(holder, '^1%.[%x-]+$') then
  if left > ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
  return { now, 0 }
end
if ARGV[1] ~= '' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ttl) end
return { now, 1 }`

/** KEYS: the lease. ARGV: whose it is. Another may hold it since. */
export const RELEASE: string = `${NOW}${READING}
if read(KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return { now }`

export const CLOCK: string = `${NOW}
return { now }`

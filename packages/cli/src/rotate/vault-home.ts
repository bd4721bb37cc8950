/** A vault as the store of the keys: the next one waits in a secret of its own. */
import { CommandFailed } from '../failure.ts'
import { publicHalfOf } from '../keys/public-half.ts'
import type { Secret, SecretStore } from '../vault/secret-client.ts'
import type { KeyHome } from './key-home.ts'
import { type StoredKey, storedKey, waitingKey } from './stored-key.ts'

const REPLACES = 'maskinporten-replaces'
/** Of the waiting secret: its key is in use, and the value is none. */
const TAKEN = 'maskinporten-taken-over'

export function vaultHome(store: SecretStore, name: string): KeyHome {
  const nextName = `${name}-next`
  const tidy = async (): Promise<void> => {
    const [now, waiting] = [await store.read(name), await store.read(nextName)]
    if (now === undefined || waiting === undefined || waiting.tags[TAKEN] !== undefined) return
    const [current, next] = [await storedKey(now.value, name), await publicHalfOf(waiting.value).catch(() => undefined)]
    if (next?.thumbprint === current.thumbprint)
      await store.write(nextName, 'taken over', { tags: { [TAKEN]: current.thumbprint } })
  }
  return {
    label: `${store.name}, ${name}`,
    nextLabel: `${store.name}, ${nextName}`,
    nextName,
    reloadsWithin: '5 min',
    async read() {
      const now = await store.read(name)
      if (now === undefined) throw gone(`${store.name}, ${name}`)
      const waiting = await store.read(nextName)
      const current = await storedKey(now.value, name)
      return {
        current,
        next: isOfNow(waiting, now, current) ? await waitingKey(waiting?.value ?? '', nextName, current) : undefined,
        replaced: now.tags[REPLACES],
        since: now.createdOn?.getTime(),
        endsAt: now.expiresOn?.getTime(),
      }
    },
    tidy,
    async storeNext({ encoded }, { thumbprint }) {
      await store.write(nextName, encoded, { tags: { [REPLACES]: thumbprint } })
    },
    async switchTo({ encoded }, { current }, endsAt) {
      const before = await store.read(name)
      await store.write(name, encoded, {
        // Tags, content type and an end are of the version: what somebody gave the former one stays.
        tags: { ...before?.tags, [REPLACES]: current.thumbprint },
        contentType: before?.contentType,
        expiresOn: before?.expiresOn === undefined || endsAt === undefined ? undefined : new Date(endsAt),
      })
      await tidy()
    },
  }
}

/**
 * Whether the waiting key was made for the one in use. One that waited for another key, or was there before the version
 * in use, may have been in use itself, and have been replaced since for a reason.
 */
function isOfNow(waiting: Secret | undefined, now: Secret, current: StoredKey): boolean {
  if (waiting === undefined || waiting.tags[TAKEN] !== undefined) return false
  if ((waiting.tags[REPLACES] ?? current.thumbprint) !== current.thumbprint) return false
  // Whole seconds.
  return (waiting.createdOn?.getTime() ?? Infinity) >= (now.createdOn?.getTime() ?? 0)
}

const gone = (what: string): CommandFailed =>
  new CommandFailed('failed', {
    en: `${what} is not there any more; run the command again`,
    nb: `${what} finnes ikke lenger; kjør kommandoen på nytt`,
  })

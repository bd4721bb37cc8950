// Who may know whom. An arrow that is not drawn here does not exist; a new package draws its own.
export interface Room {
  /** Packages of this workspace that its source may import. */
  readonly knows: readonly string[]
  /** Runs anywhere fetch does: no `node:*`, no `process`. */
  readonly anywhere?: boolean | undefined
  /** What its source may import besides, when that is a closed list. */
  readonly foreign?: RegExp | undefined
}

const adapter: Room = { knows: ['core'], anywhere: true }
const source: Room = { knows: ['core'] }

export const rooms: Readonly<Record<string, Room>> = {
  // jose by its subpaths: the whole of it triples the start-up time.
  core: { knows: [], anywhere: true, foreign: /^jose\/.+/ },
  fetch: adapter,
  axios: adapter,
  ky: adapter,
  'config-env': source,
  'config-json': source,
  'config-azure-key-vault': source,
  'cache-redis': source,
  opentelemetry: source,
  // It must not share our client's misreadings.
  emulator: { knows: [] },
  cli: { knows: ['core', 'config-env', 'config-json', 'config-azure-key-vault', 'emulator'] },
  conformance: { knows: ['core', 'emulator'] },
}

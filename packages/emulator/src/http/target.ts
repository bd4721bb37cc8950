/** What a request was for: the names by which `requests` and `faults` are asked. */
export const targets = [
  'token',
  'metadata',
  'jwk',
  'exchange',
  'altinn-metadata',
  'altinn-jwk',
  'storage',
  'events',
  'register',
  'key-vault',
  'entra',
  'entra-metadata',
  'self-service',
  'texas',
  'other',
] as const

export type Target = (typeof targets)[number]

import { MaskinportenError } from '../errors.ts'

export function closed(): MaskinportenError {
  const hint = 'make a new provider'
  return new MaskinportenError('closed', `these settings are closed; ${hint}`, { hint })
}

import { type MaskinportenError, fault } from '../errors.ts'

export const closed = (): MaskinportenError => fault('closed', 'these settings are closed', 'make a new provider')

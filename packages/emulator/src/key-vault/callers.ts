/** Who may come into a vault: the holder of a token of Entra ID for Key Vault, or of the emulator's own credential. */
import { randomBytes } from 'node:crypto'
import { entraIssuer } from '../entra/access-token.ts'
import type { ApplicationRegistry } from '../entra/applications.ts'
import { vaultResource } from '../network/names.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { verifyToken } from '../tokens/verify-token.ts'
import type { VaultErrorName } from './error-table.ts'

export interface Callers {
  /** The token of the emulator's own credential. */
  readonly ownToken: string
  /** How Key Vault names the caller, or the error that refuses the token. */
  identify(
    token: string,
  ): Promise<{ readonly caller: string } | { readonly error: VaultErrorName; readonly found: string }>
}

export function createCallers(applications: ApplicationRegistry, keys: SigningKeys): Callers {
  const ownToken = `emulator.${randomBytes(32).toString('base64url')}`
  const issuer = entraIssuer(applications.tenantId)
  return {
    ownToken,
    async identify(token) {
      if (token === ownToken) return { caller: `appid=emulator;iss=${issuer}` }
      // The machine's clock: that of whoever holds the token.
      const claims = await verifyToken(token, keys, { now: Date.now(), skewSeconds: 300 })
      if (!claims) return { error: 'InvalidToken', found: '' }
      const { aud, iss, appid, oid } = claims
      if (aud !== vaultResource) return { error: 'WrongAudience', found: String(aud) }
      return { caller: `appid=${String(appid)};oid=${String(oid)};iss=${String(iss)}` }
    },
  }
}

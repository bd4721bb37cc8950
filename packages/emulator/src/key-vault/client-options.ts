/** What the real SDK needs to reach the emulated vault under the name of a real one, with its checks on. */
import { Agent, type AgentOptions } from 'node:https'
import type { Duplex } from 'node:stream'

/** Fits `SecretClientOptions` of @azure/keyvault-secrets. */
export interface VaultClientOptions {
  readonly agent: Agent
}

/** Fits `TokenCredential` of @azure/core-auth. */
export interface VaultCredential {
  getToken(scopes: string | string[]): Promise<{ readonly token: string; readonly expiresOnTimestamp: number }>
}

/**
 * Connects to the emulator whatever host and port were asked for, and checks the certificate against the host that was asked for.
 * A host that is no vault is refused: this agent never reaches the network.
 */
class VaultAgent extends Agent {
  readonly #target: { readonly host: string; readonly port: number }

  constructor(target: { readonly host: string; readonly port: number }, ca: string) {
    super({ ca, keepAlive: true })
    this.#target = target
  }

  override createConnection(
    options: AgentOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    return super.createConnection({ ...options, ...this.#target }, callback)
  }
}

export function vaultClientOptions(
  target: { readonly host: string; readonly port: number },
  ca: string,
): VaultClientOptions {
  return { agent: new VaultAgent(target, ca) }
}

export function vaultCredential(token: string): VaultCredential {
  return {
    // The SDK looks at the machine's clock, not at the emulator's.
    getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
  }
}

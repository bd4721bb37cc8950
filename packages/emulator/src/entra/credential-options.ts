/** What the real `ClientSecretCredential` needs to reach the emulated Entra ID. */

/** Fits `ClientSecretCredentialOptions` of @azure/identity. */
export interface EntraCredentialOptions {
  readonly tlsOptions: { readonly ca: string }
  readonly authorityHost?: string
  /** The emulator's address is none of Microsoft's. */
  readonly disableInstanceDiscovery?: boolean
  readonly proxyOptions?: { readonly host: string; readonly port: number }
}

/** By its address, or with `proxy` by the name of the real one. */
export function entraCredentialOptions(
  authorityHost: string,
  ca: string,
  proxy?: { readonly host: string; readonly port: number },
): EntraCredentialOptions {
  const tlsOptions = { ca }
  return proxy
    ? { tlsOptions, proxyOptions: { host: `http://${proxy.host}`, port: proxy.port } }
    : { tlsOptions, authorityHost, disableInstanceDiscovery: true }
}

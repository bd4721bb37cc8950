import { ClientAssertionCredential } from '@azure/identity'
import type { Client, GetToken } from './client.ts'
import { grantSigner } from './limit.ts'

const ENTRA = 'https://login.microsoftonline.com'
const TENANT = 'e0000000-0000-4000-8000-000000000001'

/**
 * Entra's address is the only one that MSAL takes without asking further, so it is exchanged on the way out. It wants an
 * assertion at every call, cached token or not, so one is kept for it: Entra, unlike Maskinporten, takes one twice.
 */
export async function azureIdentity(client: Client, base: string): Promise<GetToken> {
  const sign = await grantSigner(client, base)
  let assertion: Promise<string> | undefined
  const credential = new ClientAssertionCredential(TENANT, client.id, () => (assertion ??= sign()), {
    additionalPolicies: [
      {
        position: 'perCall',
        policy: {
          name: 'to the stand-in server',
          sendRequest(request, next) {
            request.url = request.url.replace(ENTRA, base)
            request.allowInsecureConnection = true
            return next(request)
          },
        },
      },
    ],
  })
  return () => credential.getToken('https://graph.microsoft.com/.default')
}

/** What the stand-in server says. */

/** As long as Maskinporten's own are. */
const TOKEN_LENGTH = 1_100
const API_ANSWER = JSON.stringify({ ok: true, instances: [] })

export interface Asked {
  /** Origin and the first three parts of the path. */
  readonly base: string
  readonly lifeSeconds: number
  readonly path: string
  readonly authorization: string | undefined
}

export interface Answer {
  readonly status: 200 | 401 | 404
  readonly body: string
}

let tokens = 0

/** @param what the path's last part. */
export function answerTo(what: string, asked: Asked): Answer {
  if (what === 'api') return isAuthorised(asked) ? found(API_ANSWER) : { status: 401, body: '{"error":"no token"}' }
  const body = bodyOf(what, asked)
  return body === undefined ? { status: 404, body: '{"error":"nothing here"}' } : found(JSON.stringify(body))
}

const found = (body: string): Answer => ({ status: 200, body })

/** By its length: `Bearer undefined` is no token either. */
function isAuthorised({ authorization = '' }: Asked): boolean {
  return authorization.startsWith('Bearer ') && authorization.length >= 'Bearer '.length + TOKEN_LENGTH
}

function bodyOf(what: string, { base, lifeSeconds, path }: Asked): object | undefined {
  switch (what) {
    case 'token':
      return {
        access_token: newToken(),
        token_type: 'Bearer',
        expires_in: lifeSeconds,
        // Entra names no scope here, and MSAL would not find its token again under another one than it asked for.
        scope: path.includes('/oauth2/') ? undefined : 'a:b',
      }
    case 'access_tokens':
      return { token: newToken(), expires_at: new Date(Date.now() + lifeSeconds * 1000).toISOString() }
    case 'openid-configuration':
      return entraMetadata(path)
    default:
      return path.includes('/.well-known/') ? { issuer: base, token_endpoint: `${base}/token` } : undefined
  }
}

function newToken(): string {
  const head = `${String(++tokens)}.`
  return head.padEnd(TOKEN_LENGTH, 'eyJhbGciOiJSUzI1NiJ9')
}

/** MSAL asks for it before its first token, and takes https addresses only. */
function entraMetadata(path: string): object {
  const tenant = `https://login.microsoftonline.com/${path.split('/')[4] ?? ''}`
  return {
    issuer: `${tenant}/v2.0`,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${tenant}/discovery/v2.0/keys`,
  }
}

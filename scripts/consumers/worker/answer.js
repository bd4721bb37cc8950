// A call with a token of the instance: the status of the register's answer, or why there is none.
import { env } from 'cloudflare:workers'
import { maskinportenFetch } from '@maskinporten-kit/fetch'

export async function answer(instance) {
  try {
    const register = maskinportenFetch(instance(), { allow: env.REGISTER })
    const { status } = await register(`${env.REGISTER}/rest/v2/personer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ personidentifikatorer: ['17858296439'] }),
    })
    return new Response(String(status), { status })
  } catch (error) {
    return new Response(`${error.name} ${error.code}: ${error.message}`, { status: 500 })
  }
}

/** Where a call goes. */
import { resolveAddress } from '@maskinporten-kit/core/internal'
import type { AxiosCall, AxiosSender } from './axios-like.ts'

/**
 * The address that axios makes of a call, absolute where its adapter makes it so.
 *
 * @throws what axios throws for a malformed one.
 */
export function targetOf(sender: AxiosSender, config: AxiosCall): string {
  const { url = '', baseURL, allowAbsoluteUrls, adapter, socketPath } = config
  // As text: a URL, which axios takes too, may become another while the call waits.
  let target = String(url)
  if (baseURL || !/^https?:\/\//i.test(target)) target = sender.getUri({ url, baseURL, allowAbsoluteUrls })
  // `fetch` knows the base of its runtime, such as Deno's --location; a socket has no host.
  if (String(adapter) === 'fetch') return resolveAddress(target)
  return (socketPath ? URL.parse(target, 'http://localhost')?.href : undefined) ?? target
}

/**
 * What an adapter of the caller's own is given, such as a test's: the address as the caller wrote it, when nobody can read
 * it in another way. What was judged is what is sent.
 */
export function addressFor({ url, baseURL, adapter }: AxiosCall, target: string, href: string): Partial<AxiosCall> {
  const plain =
    typeof adapter === 'function' &&
    baseURL &&
    /^(?!\/\/)[\w\-./%~]+$/.test(String(url)) &&
    // Else `URL` has changed something, such as a dot segment.
    target === href &&
    !/[?#]/.test(target)
  return plain ? { url, baseURL } : { url: href, baseURL: undefined }
}

/** Where a call goes. */
import type { AxiosCall, AxiosSender, OwnAdapter } from './axios-like.ts'

/**
 * The address that axios makes of a call, absolute where its adapter makes it so.
 *
 * @throws what axios throws for a malformed one.
 */
export function targetOf(sender: AxiosSender, config: AxiosCall): string {
  const { url = '', baseURL, allowAbsoluteUrls, adapter, socketPath } = config
  const absolute = /^https?:\/\//i
  // As text: a URL, which axios takes too, may become another while the call waits.
  const target = baseURL || !absolute.test(String(url)) ? sender.getUri({ url, baseURL, allowAbsoluteUrls }) : String(url)
  if (absolute.test(target) || URL.canParse(target)) return target
  const { document }: { readonly document?: { readonly baseURI: string } } = globalThis
  try {
    // `fetch` knows the base of its runtime, such as Deno's --location.
    if (/^fetch$/i.test(String(adapter))) return new Request(target).url
    return new URL(target, socketPath ? 'http://localhost' : document?.baseURI).href
  } catch {
    return target
  }
}

/**
 * What an adapter of the caller's own is given, such as a test's: the address as the caller wrote it, when nobody can read
 * it in another way. What was judged is what is sent.
 */
export function addressFor({ url, baseURL, adapter }: AxiosCall, target: string, href: string): Partial<AxiosCall> {
  const plain =
    isOwn(adapter) &&
    typeof url === 'string' &&
    /^(?!\/\/)[\w\-./%~]*$/.test(url) &&
    // Else `URL` has changed something, such as a dot segment.
    (target === href || `${target}/` === href) &&
    !/[?#]/.test(target)
  return plain ? { url, baseURL } : { url: href, baseURL: undefined }
}

export function isOwn(adapter: unknown): adapter is OwnAdapter {
  return typeof adapter === 'function'
}

/** The address of a call. */
import { resolveAddress } from '@maskinporten-kit/core/internal'
import type { AxiosCall, AxiosSender } from './axios-like.ts'

/**
 * The address that axios builds for a call. It is absolute if the adapter makes it absolute.
 *
 * @throws the error of axios for a malformed address.
 */
export function targetOf(sender: AxiosSender, config: AxiosCall): string {
  const { url = '', baseURL, allowAbsoluteUrls, adapter, socketPath } = config
  // Read as text: the caller may change a URL object while the call waits.
  let target = String(url)
  if (baseURL || !/^https?:\/\//i.test(target)) target = sender.getUri({ url, baseURL, allowAbsoluteUrls })
  // `fetch` resolves against the base of its runtime, such as Deno's --location. A Unix socket has no host.
  if (String(adapter) === 'fetch') return resolveAddress(target)
  return (socketPath ? URL.parse(target, 'http://localhost')?.href : undefined) ?? target
}

/**
 * The address for the caller's own adapter, such as a test's. The adapter gets the address as the caller wrote it, if every
 * parser reads it in the same way. Otherwise it gets the address that was checked.
 */
export function addressFor({ url, baseURL, adapter }: AxiosCall, target: string, href: string): Partial<AxiosCall> {
  const plain =
    typeof adapter === 'function' &&
    baseURL &&
    /^(?!\/\/)[\w\-./%~]+$/.test(String(url)) &&
    // If they differ, `URL` has changed something, such as a dot segment.
    target === href &&
    !/[?#]/.test(target)
  return plain ? { url, baseURL } : { url: href, baseURL: undefined }
}

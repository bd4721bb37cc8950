/**
 * An error by which a host ends the rendering of a page. Next.js 14 to 16 throw such errors from their patched `fetch`. The
 * page is wrong if the error does not reach Next.js.
 */
const DIGEST =
  /^(?:NEXT_[A-Z_]+|DYNAMIC_SERVER_USAGE|BAILOUT_TO_CLIENT_SIDE_RENDERING|HANGING_PROMISE_REJECTION)(?:;|$)/
/** `dynamic = 'error'` in Next.js: it has this code and no digest. */
const STATIC_BAILOUT = 'NEXT_STATIC_GEN_BAILOUT'

export function isHostInterruption(error: unknown): boolean {
  // This throws when the error is null or undefined. A getter may throw too.
  try {
    const { digest, code, $$typeof } = error as {
      readonly digest?: unknown
      readonly code?: unknown
      readonly $$typeof?: unknown
    }
    // React's `unstable_postpone`, for partial prerendering in Next.js 14, has no digest.
    if ($$typeof === Symbol.for('react.postpone')) return true
    return code === STATIC_BAILOUT || (typeof digest === 'string' && DIGEST.test(digest))
  } catch {
    return false
  }
}

/**
 * What our own packages share. Not public, and not in api.md. An older adapter may meet a newer core, so within a major
 * nothing here is taken away or changes its meaning.
 */
export { copyBody, copyRequestBody } from './adapter/bodies.ts'
export type { BodyCopy } from './adapter/bodies.ts'
export { withinLimits } from './adapter/limits.ts'
export type { CallLimits } from './adapter/limits.ts'
export { copyInit, isRequest, requestPart, requestWith, resolveAddress, vendorOptions } from './adapter/requests.ts'
export { assignUncovered, covered, coverOptions, coverStream, uncoveredCopy } from './adapter/stand-ins.ts'
export { isSafeUrl } from './http/address.ts'
export { nearest } from './nearest.ts'
export { isWatched } from './settings/settings-provider.ts'

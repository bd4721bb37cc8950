/** Keys that do nothing here: refused, ignored with a word, or unknown. */
import { nearest } from '../nearest.ts'
import { SECTION_KEYS } from './setting-names.ts'
import type { Reading } from './lookup.ts'

/** `keyLevel`: of the source whose key signs; below it and beside it, other key material is not needed. */
export function reportUnusedKeys(reading: Reading, exchanges: boolean, keyLevel: number): void {
  for (const name of ['EncodedX509', 'CertificatePkcs12Path', 'CertificateStoreThumbprint']) {
    const found = reading.top([name])
    if (found === undefined) continue
    const decode = name === 'EncodedX509' ? 'openssl base64 -d -A -in value.txt -out store.p12 && ' : ''
    if (found.level <= keyLevel) {
      reading.warn('CONFIG_UNSUPPORTED', found, 'is not read, and is not needed beside the key that signs. Delete it.')
      continue
    }
    reading.problem(
      'CONFIG_UNSUPPORTED',
      found,
      name === 'CertificateStoreThumbprint'
        ? 'uses the Windows certificate store, which is not read. Export the key as a JWK.'
        : `is PKCS#12, which is not read. Convert it to PEM: ${decode}openssl pkcs12 -in store.p12 -nodes -out chain.pem`,
    )
  }
  const enterpriseUser = reading.top(['EnterpriseUserName']) ?? reading.top(['EnterpriseUserPassword'])
  if (enterpriseUser !== undefined) {
    reading.warn(
      'CONFIG_ENTERPRISE_USER',
      enterpriseUser,
      'is ignored: Altinn removed enterprise users (virksomhetsbruker); the exchange answers 410 Gone to one. Use a system user (systembruker) and delete both EnterpriseUser keys.',
    )
  }
  const overwrite = reading.top(['OverwriteAuthorizationHeader'])
  if (overwrite !== undefined)
    reading.warn(
      'CONFIG_NO_EFFECT',
      overwrite,
      "is ignored: a caller's own Authorization header is never replaced. Delete it.",
    )
  const testOrg = reading.top(['UseAltinnTestOrg'])
  if (testOrg?.text.toLowerCase() === 'true' && !exchanges) {
    reading.warn(
      'CONFIG_NO_EFFECT',
      testOrg,
      'has no effect without exchange. Set ExhangeToAltinnToken, or ask for the kind altinn.',
    )
  }
  reportUnknownKeys(reading)
}

function reportUnknownKeys(reading: Reading): void {
  const prefix = `${reading.section.toLowerCase()}:`
  const known = new Set(SECTION_KEYS.map((name) => name.toLowerCase()))
  for (const { layer } of reading.layers) {
    for (const [key, entry] of layer) {
      const [name = ''] = key.startsWith(prefix) ? key.slice(prefix.length).split(':') : []
      if (name === '' || known.has(name)) continue
      const near = nearest(name, SECTION_KEYS)
      reading.warn(
        'CONFIG_UNKNOWN_KEY',
        entry,
        `is not a known setting.${near === undefined ? ' Delete it.' : ` Did you mean ${near}?`}`,
      )
    }
  }
}

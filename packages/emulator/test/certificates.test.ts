/** The certificates that the emulator writes, as OpenSSL, by Node, and @peculiar/x509 read them. */
import { X509Certificate } from 'node:crypto'
import { startEmulator } from '@maskinporten-kit/emulator'
import { expect, test } from 'vitest'
import { createCertificateAuthority } from '../src/tokens/certificates.ts'
import { readJson } from './sign-grant.ts'
import { x509 } from './x509.ts'

const { X509Certificate: ParsedCertificate, KeyUsageFlags } = x509

const authority = await createCertificateAuthority()
const root = new ParsedCertificate(authority.pem)
const hosts = {
  dns: ['localhost', '*.vault.azure.net'],
  ip: ['127.0.0.1', '::1', '2001:db8::5:0:1', '1:2:3:4:5:6:7:8', '2001:db8::', '::ffff:10.0.0.1', 'fe80::1%eth0'],
}

test('the authority may issue leaves only, and is its own issuer', async () => {
  expect(root.getExtension(x509.BasicConstraintsExtension)).toMatchObject({ ca: true, pathLength: 0, critical: true })
  expect(root.getExtension(x509.KeyUsagesExtension)).toMatchObject({
    usages: KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign,
    critical: true,
  })
  expect([root.notBefore.getUTCFullYear(), root.notAfter.getUTCFullYear()]).toEqual([2000, 2100])
  expect(await root.isSelfSigned()).toBe(true)
})

test('a server certificate is for its names and addresses, and signed by the authority', async () => {
  const { cert, key } = await authority.issueServer(hosts)
  const [leaf = ''] = cert.split(/\n(?=-----BEGIN)/)
  const parsed = new ParsedCertificate(leaf)
  expect(parsed.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON()).toEqual([
    ...hosts.dns.map((value) => ({ type: 'dns', value })),
    ...['127.0.0.1', '::1', '2001:db8::5:0:1', '1:2:3:4:5:6:7:8', '2001:db8::', '::ffff:a00:1', 'fe80::1'].map(
      (value) => ({ type: 'ip', value: expect.toSatisfy((read: string) => sameAddress(read, value)) }),
    ),
  ])
  expect(parsed.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual(['1.3.6.1.5.5.7.3.1'])
  expect(await parsed.verify({ publicKey: root })).toBe(true)
  expect(parsed.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).toBe(
    root.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
  )
  expect(new X509Certificate(leaf).checkIP('2001:db8::5:0:1')).toBe('2001:db8::5:0:1')
  expect(new X509Certificate(leaf).checkHost('my-kv.vault.azure.net')).toBe('*.vault.azure.net')
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/)
})

function sameAddress(one: string, other: string): boolean {
  const written = (text: string): string => (text.includes(':') ? new URL(`http://[${text}]`).hostname : text)
  return written(one) === written(other)
}

test('each certificate has a number of its own, positive and of at most 20 bytes', async () => {
  const authorities = await Promise.all(Array.from({ length: 50 }, createCertificateAuthority))
  const numbers = authorities.map(({ pem }) => new X509Certificate(pem).serialNumber)
  expect(new Set(numbers).size).toBe(50)
  expect(numbers.every((number) => /^[\dA-F]{20,40}$/.test(number))).toBe(true)
})

test.each([
  'Bø, Sønn & "Co" = +',
  'X, 2.5.4.97=NTRNO-310702641',
  'A\nserialNumber=310702641',
  '#0500',
  ' ',
  '',
  String.raw`"A\0a\B" C`,
  'æ'.repeat(200),
])('an enterprise certificate keeps the name %j as it is, and its number its own', async (name) => {
  const { chainPem, x5c } = await authority.issueEnterprise({ orgNumber: '991825827', name }, Date.now())
  const { subjectName } = new ParsedCertificate(chainPem)
  expect([subjectName.getField('CN'), subjectName.getField('O')]).toEqual([[name], [name]])
  expect(subjectName.getField('2.5.4.97')).toEqual(['NTRNO-991825827'])
  expect(authority.verifyChain(x5c, Date.now())).toMatchObject({ orgNumber: '991825827' })
})

test('an organisation cannot be taken over by the name of a certificate', async () => {
  await using emulator = await startEmulator()
  const { chainPem } = await emulator.issueCertificate({ orgNumber: '991825827', name: 'X, 2.5.4.97=NTRNO-310702641' })
  expect(new X509Certificate(chainPem).subject.match(/organizationIdentifier=.*/g)).toEqual([
    'organizationIdentifier=NTRNO-991825827',
  ])
})

test('the certificate of a signing key has that key', async () => {
  await using emulator = await startEmulator()
  const { keys } = await readJson(await fetch(`${emulator.maskinporten.url}/jwk`))
  const [{ n, x5c }] = keys as [{ n: string; x5c: [string] }]
  const certificate = new X509Certificate(Buffer.from(x5c[0], 'base64'))
  expect(certificate.publicKey.export({ format: 'jwk' }).n).toBe(n)
  expect(certificate.verify(new X509Certificate(emulator.ca).publicKey)).toBe(true)
})

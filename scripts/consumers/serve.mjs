// An emulator with one client, for as long as standard input is open.
import { startEmulator } from '@maskinporten-kit/emulator'

const emulator = await startEmulator()
const { altinn, control, maskinporten, register } = emulator
const scopes = [
  'altinn:serviceowner/instances.read',
  'altinn:serviceowner/instances.write',
  'krr:global/kontaktinformasjon.read',
]
const { settings } = await emulator.registerClient({ scopes, orgNumber: '991825827' })
const addresses = {
  'https://platform.tt02.altinn.no': altinn.url,
  'https://test.kontaktregisteret.no': register.url,
}
const urls = { altinn: altinn.url, control: control.url, maskinporten: maskinporten.url, register: register.url }
console.log(JSON.stringify({ settings, addresses, ...urls }))
process.stdin.on('end', () => void emulator.close()).resume()

// An emulator with one client, for as long as standard input is open.
import { startEmulator } from '@maskinporten-kit/emulator'

const emulator = await startEmulator()
const scopes = [
  'altinn:serviceowner/instances.read',
  'altinn:serviceowner/instances.write',
  'krr:global/kontaktinformasjon.read',
]
const client = await emulator.registerClient({ scopes, orgNumber: '991825827' })
const addresses = {
  'https://platform.tt02.altinn.no': emulator.altinn.url,
  'https://test.kontaktregisteret.no': emulator.register.url,
}
const { settings } = client
const [altinn, register, maskinporten, control] = [
  emulator.altinn.url,
  emulator.register.url,
  emulator.maskinporten.url,
  emulator.control.url,
]
console.log(JSON.stringify({ settings, altinn, register, maskinporten, control, addresses }))
process.stdin.on('end', () => void emulator.close()).resume()

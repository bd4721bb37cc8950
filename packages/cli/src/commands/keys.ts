/** `maskinporten keys …`: what is done with signing keys. */
import { type Register, addCommand } from '../context.ts'
import { registerKeysCreate } from './keys-create.ts'
import { registerKeysInspect } from './keys-inspect.ts'
import { registerKeysRotate } from './keys-rotate.ts'
import { registerKeysStatus } from './keys-status.ts'

const commands: readonly Register[] = [registerKeysCreate, registerKeysInspect, registerKeysStatus, registerKeysRotate]

export const registerKeys: Register = (program, context) => {
  const keys = addCommand(program, 'keys', context, {
    summary: { en: 'Makes, reads, and replaces signing keys.', nb: 'Lager, leser og bytter signeringsnøkler.' },
    example: 'keys create',
  })
  for (const register of commands) register(keys, context)
}

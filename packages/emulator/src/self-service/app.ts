/** Digdir's self-service API: its address is reserved; nothing of it is emulated yet, and every answer says so. */
import { problem } from '../http/problem.ts'
import { createService, type Service, type World } from '../http/service.ts'

export function selfServiceService(world: World): Service {
  const service = createService(world, () => 'self-service')
  service.all('*', () =>
    problem(
      501,
      'Not Implemented',
      "This emulator has no self-service API yet; register clients with registerClient or the control endpoint's POST /clients.",
    ),
  )
  return service
}

/** One control: how it is reached over HTTP, what it takes, and what it answers. */
import type { Emulator } from '../emulator.ts'
import type { Kind, Members } from './members.ts'

export interface Control {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Behind `controlPrefix`; `{name}` is a member. */
  readonly path: string
  /** The path is also answered without the prefix, as it was before there was one. */
  readonly alsoBare?: true
  readonly summary: string
  /** The arguments of the function, in their order and by their names over HTTP. */
  readonly positional?: Members
  /** The members of the object that is the last argument. */
  readonly options?: Members
  /** That object may be left out as a whole, though it has members that it must have. */
  readonly optionsOptional?: true
  /** The function returns a promise. */
  readonly promise?: true
  /** Of a vault: over HTTP it takes `vault`, the name of another than the common one. */
  readonly inVault?: true
  /** What is answered over HTTP, with 201 or 200; without it 204 and no body. */
  readonly answer?: Answer
}

export interface Answer {
  readonly status: 200 | 201
  readonly schema: Kind
  /** Default: the function's own result. */
  readonly of?: (result: unknown, emulator: Emulator) => unknown
}

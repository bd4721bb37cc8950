/** The controls in process: every argument is checked by the table before the function sees it. */
import { checkMember, checkMembers } from './check.ts'
import type { Control } from './control.ts'
import { controlRows } from './table.ts'

/** A copy of the object with functions that check their arguments. `holder`: its name in the emulator, '' for the emulator itself. */
export function guarded<T extends object>(object: T, holder: string): T {
  const copy = { ...object }
  for (const [name, control] of controlRows) {
    const dot = name.lastIndexOf('.')
    const method = name.slice(dot + 1)
    if (name.slice(0, Math.max(dot, 0)) !== holder) continue
    const raw: unknown = Reflect.get(object, method)
    if (typeof raw !== 'function') continue
    const call = (args: readonly unknown[]): unknown =>
      Reflect.apply(raw, undefined, checkArguments(name, control, args))
    Reflect.set(
      copy,
      method,
      control.promise === true
        ? async (...args: readonly unknown[]) => call(args)
        : (...args: readonly unknown[]) => call(args),
    )
  }
  return copy
}

/** What stands behind the arguments of the table is left out, so that `list.map(emulator.registerClient)` works. */
function checkArguments(what: string, control: Control, args: readonly unknown[]): readonly unknown[] {
  const positional = Object.entries(control.positional ?? {})
  const checked = positional.map(([name, member], at) => checkMember(args[at], member, what, name))
  const { options } = control
  if (!options) return checked
  const given = args[positional.length]
  const mayBeMissing =
    control.optionsOptional === true || Object.values(options).every(({ optional }) => optional === true)
  return given === undefined && mayBeMissing ? checked : [...checked, checkMembers(given, options, what)]
}

/** What a test needs and a machine may lack: a runtime, or a library of one. */

/**
 * Skips with this line, or fails with it where `.ci/run` has installed all of them (CI_REQUIRE_RUNTIMES=1): there, nothing
 * that is absent may pass for tested.
 */
export function lacking(skip: (note?: string) => never, what: string): never {
  if (process.env['CI_REQUIRE_RUNTIMES'] === '1') {
    throw new Error(`${what}; install it, or leave CI_REQUIRE_RUNTIMES out to skip this test`)
  }
  return skip(what)
}

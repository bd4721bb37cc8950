/** `await using`, which the servers are ended by, and `process.threadCpuUsage()`. */
const LEAST = 24

/** @throws RangeError where this Node would fail at each measure, with a SyntaxError of no use. */
export function refuseOldNode(version: string): void {
  if (Number.parseInt(version, 10) >= LEAST) return
  throw new RangeError(
    `the benchmark needs Node ${LEAST} or newer, and this is Node ${version}; run it by Node 26, as CI does`,
  )
}

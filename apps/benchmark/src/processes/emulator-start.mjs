// The emulator until it is ready, as the first word says: the processor time of the whole process, Node's own start in it.
const published = import.meta.resolve('@maskinporten-kit/emulator')
if (!published.endsWith('/emulator/dist/index.js'))
  throw new Error(`measured was ${published}, and not the built package`)

const write = process.stdout.write.bind(process.stdout)

function ready() {
  const { user, system } = process.cpuUsage()
  write(JSON.stringify({ ms: (user + system) / 1000 }))
  process.exit()
}

const ways = {
  nothing: async () => undefined,
  async 'in process'() {
    const { startEmulator } = await import('@maskinporten-kit/emulator')
    await startEmulator()
  },
  async command() {
    process.argv = [process.argv[0], 'maskinporten-emulator', '--port', '0']
    // It says all that it has to say when it is ready.
    const said = new Promise((resolve) => {
      process.stdout.write = () => resolve() ?? true
    })
    await import(new URL('cli.js', published))
    await said
  },
}

await ways[process.argv[2]]()
ready()

// Loaded when the clock has stopped: start-up is measured of what users get, not of sources whose types Node strips.
for (const name of ['core', 'fetch']) {
  const file = import.meta.resolve(`@maskinporten-kit/${name}`)
  if (!file.endsWith(`/${name}/dist/index.js`)) throw new Error(`measured was ${file}, and not the built package`)
}

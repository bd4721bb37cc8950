import { expect, test } from 'vitest'
import { commandName, isInstalled } from '../src/command-name.ts'

test.each([
  ['installed for the machine', '/usr/local/bin/maskinporten', {}, 'maskinporten'],
  ['its sources', '/src/packages/cli/src/cli.ts', {}, 'maskinporten'],
  ['in a project', '/app/node_modules/.bin/maskinporten', {}, 'npx maskinporten'],
  [
    'in a project on Windows',
    String.raw`C:\app\node_modules\@maskinporten-kit\cli\dist\cli.js`,
    {},
    'npx maskinporten',
  ],
  ['by npx', '/usr/local/bin/maskinporten', { npm_command: 'exec' }, 'npx maskinporten'],
  ['by an older npx', '/usr/local/bin/maskinporten', { npm_lifecycle_event: 'npx' }, 'npx maskinporten'],
  ['by a script of the project', '/usr/local/bin/maskinporten', { npm_command: 'run-script' }, 'maskinporten'],
  [
    'by npx, not installed',
    '/home/me/.npm/_npx/1f2e/node_modules/.bin/maskinporten',
    { npm_command: 'exec' },
    'npx @maskinporten-kit/cli',
  ],
  [
    'by pnpm dlx, not installed',
    '/home/me/.cache/pnpm/dlx/1f2e/node_modules/.bin/maskinporten',
    {},
    'npx @maskinporten-kit/cli',
  ],
])('%s', (_, script, env, name) => {
  expect(commandName({ script, env })).toBe(name)
  expect(isInstalled({ script, env })).toBe(!name.includes('@'))
})

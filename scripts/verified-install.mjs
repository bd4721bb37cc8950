// An install whose downloads are verified, and what to do when it fails. Runs on any Node from 20 on.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { dependencies } = JSON.parse(readFileSync(new URL('pnpm/package.json', import.meta.url), 'utf8'))
export const PNPM_VERSION = dependencies.pnpm
/** The words of `npm`, which compares the sha512 of each download with that of package-lock.json. */
export const VERIFIED_INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']

/** Runs a command that installs; `what` names that in its error. Its output is shown only when it fails. */
export function runInstall(command, words, cwd, what) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd,
      // npm is a script there. A path of ours may hold blanks, and goes through no shell.
      shell: process.platform === 'win32' && command === 'npm',
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm waits for more than a minute before it says that there is no network, and says nothing under `--silent`.
      env: {
        ...process.env,
        npm_config_fetch_retries: '1',
        npm_config_fetch_retry_mintimeout: '2000',
        npm_config_loglevel: 'error',
      },
    })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', (error) =>
      reject(new Error(`${command} did not start (${error.code}). Install npm, which comes with Node.`)),
    )
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const text = Buffer.concat(output).toString('utf8').trim().split('\n').slice(-15).join('\n')
      reject(new Error(`installing ${what} failed. ${wayOut(text)} It said:\n${text}`))
    })
  })
}

function wayOut(text) {
  if (/EINTEGRITY|integrity checksum failed/i.test(text)) {
    return 'The registry sent something other than what this repository names by its sha512. Do not use it: check which registry answers (`npm config get registry`), clear its copy (`npm cache clean --force`), then run the command again.'
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|error sending request|network/i.test(text)) {
    return 'The npm registry cannot be reached: check the network or the proxy (`npm config get registry`), then run the command again.'
  }
  if (/SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_UNTRUSTED|DEPTH_ZERO/.test(text)) {
    return 'The npm registry answers with a certificate that is not trusted here: name the CA of your network (`npm config set cafile <file>`, or NODE_EXTRA_CA_CERTS), then run the command again.'
  }
  if (/EACCES|EROFS|EPERM|ENOSPC|permission denied|read-only/i.test(text)) {
    return 'A folder cannot be written to (this clone, the home folder or the temporary one): give yourself access to it, then run the command again.'
  }
  if (/OUTDATED_LOCKFILE/.test(text))
    return `The lockfile is behind a package.json: run \`npx -y pnpm@${PNPM_VERSION} install\` and commit pnpm-lock.yaml.`
  return 'Mend what it says, then run the command again.'
}

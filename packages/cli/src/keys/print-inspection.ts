/** `keys inspect`: reads the file, and tells what it is. */
import { readFile, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { CommandFailed, exitCodes } from '../failure.ts'
import type { Text } from '../language.ts'
import type { Terminal } from '../terminal.ts'
import { type Inspection, inspectKey } from './inspect-key.ts'
import { kindNames } from './key-kind.ts'

export interface InspectFlags {
  readonly kid?: string | undefined
  /** Prints the public half as the portal wants it. */
  readonly public?: boolean | undefined
}

/** A key store with its chain has a few kB. */
const LARGEST_BYTES = 1_000_000
/** A name as long was the key itself. */
const LONGEST_NAME = 200

export async function printInspection(
  file: string,
  { kid, public: isPublic }: InspectFlags,
  terminal: Terminal,
): Promise<void> {
  const { bytes, isOpen } = await read(file)
  const inspection = await inspectKey(bytes, { kid })
  if (isPublic === true) printPublic(inspection, terminal)
  else if (terminal.isJson) terminal.json(documentOf(inspection, terminal, isOpen))
  else terminal.result(linesOf(inspection, terminal, isOpen).join('\n'))
  if (isPublic !== true && !isInOrder(inspection)) process.exitCode = exitCodes.failed
}

/** A key to sign with, or the public half of one. */
const isInOrder = ({ canSign, isPublicHalf, isExpired }: Inspection): boolean => (canSign || isPublicHalf) && !isExpired

async function read(file: string): Promise<{ readonly bytes: Buffer; readonly isOpen: boolean }> {
  if (file === '-') return { bytes: await buffer(process.stdin), isOpen: false }
  const name = file.length > LONGEST_NAME || /^(?:eyJ|\{|-----)/.test(file) ? '' : ` ${file}`
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true)
    throw new CommandFailed('usage', {
      en: `there is no file${name}; give the name of a file, or - for standard input, never the key itself`,
      nb: `det finnes ingen fil${name}; oppgi navnet på en fil, eller - for standard inn, aldri selve nøkkelen`,
    })
  if (found.size > LARGEST_BYTES)
    throw new CommandFailed('failed', {
      en: `${file} is larger than any key (${found.size} bytes)`,
      nb: `${file} er større enn noen nøkkel (${found.size} byte)`,
    })
  return { bytes: await readFile(file), isOpen: process.platform !== 'win32' && (found.mode & 0o044) !== 0 }
}

function printPublic({ publicJwk }: Inspection, terminal: Terminal): void {
  if (publicJwk === undefined)
    throw new CommandFailed('failed', {
      en: 'no RSA key with a kid in it; give the kid with --kid',
      nb: 'den har ingen RSA-nøkkel med kid; oppgi kid-en med --kid',
    })
  terminal.json(terminal.isJson ? { keys: [publicJwk] } : [publicJwk])
}

const OPEN: Text = {
  en: 'others on this machine may read the file: chmod 600',
  nb: 'andre på denne maskinen kan lese filen: chmod 600',
}

const isPrivate = ({ kind }: Inspection): boolean => /private|pkcs|encrypted|openssh|key-and|^ec-|symmetric/.test(kind)

function notesOf(inspection: Inspection, isOpen: boolean): readonly Text[] {
  return isOpen && isPrivate(inspection) ? [...inspection.notes, OPEN] : inspection.notes
}

function documentOf(inspection: Inspection, terminal: Terminal, isOpen: boolean): object {
  const { problem, issuedAt, expiresAt, certificate, publicJwk: _, ...rest } = inspection
  const dated = (time: number | undefined): string | undefined =>
    time === undefined ? undefined : new Date(time).toISOString()
  return {
    ...rest,
    problem: problem && terminal.text(problem),
    notes: notesOf(inspection, isOpen).map((note) => terminal.text(note)),
    issuedAt: dated(issuedAt),
    expiresAt: dated(expiresAt),
    certificate: certificate && { ...certificate, expiresAt: dated(certificate.expiresAt) },
  }
}

function linesOf(inspection: Inspection, terminal: Terminal, isOpen: boolean): readonly string[] {
  const { kind, base64Layers, canSign, isPublicHalf, code, problem, bits, kid, alg, use, thumbprint, certificate } =
    inspection
  const around = terminal.text({ en: ', in base64', nb: ', i base64' }).repeat(base64Layers)
  const yes = terminal.style('green', terminal.text({ en: 'yes', nb: 'ja' }))
  const plainNo = terminal.text({ en: 'no', nb: 'nei' })
  const no = terminal.style('red', plainNo)
  const rows: readonly (readonly [Text, string | undefined])[] = [
    [{ en: 'what it is', nb: 'hva det er' }, `${terminal.text(kindNames[kind])}${around}`],
    [{ en: 'can sign', nb: 'kan signere' }, canSign ? yes : isPublicHalf ? plainNo : `${no} (${code ?? ''})`],
    [{ en: 'bits', nb: 'bits' }, bits?.toString()],
    [{ en: 'kid', nb: 'kid' }, kid],
    [{ en: 'alg', nb: 'alg' }, alg],
    [{ en: 'use', nb: 'use' }, use],
    [{ en: 'thumbprint', nb: 'fingeravtrykk' }, thumbprint],
    [{ en: 'made', nb: 'laget' }, dayOf(inspection.issuedAt)],
    [{ en: 'ends', nb: 'utløper' }, dayOf(inspection.expiresAt)],
    [{ en: 'certificate', nb: 'sertifikat' }, certificate?.subject],
    [{ en: 'issued by', nb: 'utstedt av' }, certificate?.issuer],
  ]
  const shown = rows.filter(([, value]) => value !== undefined)
  const width = Math.max(...shown.map(([label]) => terminal.text(label).length))
  return [
    ...shown.map(([label, value]) => `${terminal.text(label).padEnd(width)}  ${value ?? ''}`),
    ...(problem ? ['', terminal.text(problem)] : []),
    ...notesOf(inspection, isOpen).map((note) => `! ${terminal.text(note)}`),
  ]
}

const dayOf = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString().slice(0, 10)

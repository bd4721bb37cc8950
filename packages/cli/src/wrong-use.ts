/** What commander says of a command line that is written wrong, in both languages, and without what might be a secret. */
import type { CommanderError } from 'commander'
import type { Text } from './language.ts'

/** Longer words are not repeated: a key or a token was pasted. */
const LONGEST_WORD = 40

const SEE_HELP: Text = { en: 'see --help', nb: 'se --help' }

/** Commander's message, read again: it has no other form. */
export function wrongUse({ code, message }: CommanderError): Text {
  const [first = '', second = ''] = [...message.matchAll(/'([^']*)'/g)].map(([, quoted = '']) => quoted)
  const [, nearest] = /Did you mean (?:one of )?(.+)\?/.exec(message) ?? []
  const [, choices] = /Allowed choices are (.+)\.$/m.exec(message) ?? []
  const [, reason] = /is invalid[^.]*\. (.+)$/m.exec(message) ?? []
  const ways: Text = nearest === undefined ? SEE_HELP : { en: `did you mean ${nearest}?`, nb: `mente du ${nearest}?` }
  switch (code) {
    case 'commander.unknownCommand':
      return joined({ en: `unknown command${named(first)}`, nb: `ukjent kommando${named(first)}` }, ways)
    case 'commander.unknownOption':
      return joined({ en: `unknown option${named(first)}`, nb: `ukjent valg${named(first)}` }, ways)
    case 'commander.missingArgument':
      return joined({ en: `<${first}> is missing`, nb: `<${first}> mangler` }, SEE_HELP)
    case 'commander.optionMissingArgument':
      return joined({ en: `${first} needs a value`, nb: `${first} trenger en verdi` }, SEE_HELP)
    case 'commander.missingMandatoryOptionValue':
      return joined({ en: `${first} is needed`, nb: `${first} må være med` }, SEE_HELP)
    case 'commander.excessArguments':
      return joined({ en: 'too many words', nb: 'for mange ord' }, SEE_HELP)
    case 'commander.conflictingOption':
      return joined(
        { en: `${first} does not go with ${second}`, nb: `${first} kan ikke brukes med ${second}` },
        SEE_HELP,
      )
    case 'commander.invalidArgument': {
      const name = /invalid for argument/.test(message) ? `<${second}>` : first
      if (choices === undefined) return { en: `${name}: ${reason ?? ''}`, nb: `${name}: ${reason ?? ''}` }
      return { en: `${name} must be one of ${choices}`, nb: `${name} må være en av ${choices}` }
    }
    default:
      return { en: message, nb: message }
  }
}

/** Of `--token=eyJ…`, the name. */
function named(word: string): string {
  const [name = ''] = word.split('=')
  return name.length > LONGEST_WORD ? '' : ` ${name}`
}

const joined = (what: Text, way: Text): Text => ({ en: `${what.en}; ${way.en}`, nb: `${what.nb}; ${way.nb}` })

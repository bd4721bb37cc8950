/** What the emulator refuses, and what each refusal means: data alone, without the emulator. */
export {
  isTokenErrorId,
  type TokenErrorId,
  type TokenErrorRow,
  tokenErrorIds,
  tokenErrors,
} from './maskinporten/error-table.ts'
export { altinnAdvice } from './page/advice/altinn.ts'
export { vaultAdvice } from './page/advice/azure.ts'
export type { Advice, Who } from './page/advice/row.ts'
export { selfServiceAdvice } from './page/advice/self-service.ts'
export { generalAdvice, texasAdvice, tokenAdvice } from './page/advice/tokens.ts'

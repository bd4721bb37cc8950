// axios declares its types a second time for CommonJS, so the option is declared there a second time too.
import type { PerCall } from '@maskinporten-kit/core/adapter' with { 'resolution-mode': 'import' }

declare module 'axios' {
  interface AxiosRequestConfig {
    /** The token of this call, merged field by field over the source's default; `false` sends the call as it is. */
    maskinporten?: PerCall
  }
}

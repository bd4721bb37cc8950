/** No setting that may be shown is as long, and no id has so long a run of base64; a private member of an RSA key has 170. */
const LONGEST_SHOWN = 200

/** Whether a text may be a key, whole or in part, that was pasted into the wrong place. */
export const looksLikeKey = (text: string): boolean =>
  text.length > LONGEST_SHOWN || /-----BEGIN|^\s*(?:eyJ|[{[])|[\w+/-]{80}/.test(text)

/** How long one test of an exam, or the start of its emulator, may take, milliseconds: vitest's 5 s is too little on a busy machine. */
export const EXAM_MS = 60_000

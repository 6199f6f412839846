/** What a run may cost at most, together with what it is given. Apart from the schemas, so that pages need no library for it. */
export const runBounds = {
  code: 1_048_576,
  input: 16_777_216,
  files: 100,
  args: 256,
  word: 16_384,
  timeoutMs: 300_000,
  cpuMillis: 8_000,
  memoryMb: 8_192,
  processes: 1_024,
  openFiles: 16_384,
  fileSizeMb: 1_024,
  outputBytes: 8_388_608,
  batch: 20,
} as const;

/** And at least. */
export const runLeast = { timeoutMs: 1, cpuMillis: 50, memoryMb: 32, processes: 1, openFiles: 16 } as const;

export const runDefaults = {
  timeoutMs: 30_000,
  cpuMillis: 1_000,
  memoryMb: 512,
  processes: 128,
  openFiles: 256,
  fileSizeMb: 64,
  maxOutputBytes: 1_048_576,
} as const;

/** A body piece by piece, as not every browser can iterate one. It ends with an error when nothing comes for too long. */
export async function* chunksOf(
  body: ReadableStream<Uint8Array> | null,
  silenceMs: number,
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  let silence: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      const next = await Promise.race([
        reader.read(),
        new Promise<never>((_, reject) => {
          silence = setTimeout(() => reject(new Error("Nothing came for too long.")), silenceMs);
        }),
      ]);
      clearTimeout(silence);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    clearTimeout(silence);
    // Cut off by whoever reads, or by silence: the connection is of no use any more.
    void reader.cancel().catch(() => undefined);
  }
}

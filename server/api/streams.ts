/** Each as the other. */
export async function* map<T, U>(
  source: AsyncIterable<T>,
  to: (value: T) => U,
): AsyncGenerator<U, void, undefined> {
  for await (const value of source) yield to(value);
}

/** What `work` emits until it is done, for few and small things: nothing is dropped, and nobody is slowed down. */
export async function* eventsWhile<T>(
  work: (emit: (value: T) => void) => Promise<void>,
): AsyncGenerator<T, void, undefined> {
  const waiting: T[] = [];
  let wake = () => {};
  const state = { done: false };
  const finished = work((value) => {
    waiting.push(value);
    wake();
  }).finally(() => {
    state.done = true;
    wake();
  });
  finished.catch(() => undefined); // thrown below, once what came before has been read
  for (;;) {
    yield* waiting.splice(0);
    if (waiting.length > 0) continue;
    if (state.done) break;
    await new Promise<void>((resolve) => (wake = resolve));
  }
  await finished;
}

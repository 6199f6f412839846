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
  let waiting: T[] = [];
  let wake = Promise.withResolvers<void>();
  let done = false;
  const finished = work((value) => {
    waiting.push(value);
    wake.resolve();
  }).finally(() => {
    done = true;
    wake.resolve();
  });
  finished.catch(() => undefined); // thrown below, once what came before has been read
  do {
    await wake.promise;
    wake = Promise.withResolvers<void>();
    const ready = waiting;
    waiting = [];
    yield* ready;
  } while (!done || waiting.length > 0);
  await finished;
}

import "./symbols.ts";
/** Disposing as the language has it, for the browsers that do not: the first import of whatever uses it. Of a stack, what we use. */
export class SmallStack implements Disposable {
  #deferred: (() => void)[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  use<T extends Disposable | null | undefined>(value: T): T {
    if (value) this.defer(() => value[Symbol.dispose]());
    return value;
  }

  defer(onDispose: () => void): void {
    if (this.#disposed) throw new ReferenceError("The stack is disposed.");
    this.#deferred.push(onDispose);
  }

  /** In reverse; what one throws does not keep the others from ending. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const problems: unknown[] = [];
    for (const end of this.#deferred.splice(0).reverse()) {
      try {
        end();
      } catch (problem) {
        problems.push(problem);
      }
    }
    if (problems.length > 0) throw problems[0];
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

const scope = globalThis as { DisposableStack?: unknown };
scope.DisposableStack ??= SmallStack;

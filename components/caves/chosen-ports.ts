interface Listening {
  readonly port: number;
  readonly address?: string | undefined;
}

/** From here on the kernel hands them out to whoever asks for any. */
const firstEphemeral = 32_768;

/** Not one that a program took for itself, as a notebook's kernel does half a dozen times: nobody is meant to look there. */
export const isChosen = ({ port, address = "" }: Listening): boolean =>
  port < firstEphemeral || !/^(127\.|::1$)/.test(address);

/** Those, each once: a program may listen on several addresses. */
export function chosenPorts<T extends Listening>(ports: readonly T[]): readonly T[] {
  const byPort = new Map<number, T>();
  for (const one of ports) if (isChosen(one) && !byPort.has(one.port)) byPort.set(one.port, one);
  return [...byPort.values()];
}

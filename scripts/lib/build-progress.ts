/** What a build is doing, read from its output. */
export interface BuildProgress {
  readonly step: number;
  readonly steps: number;
  readonly line: string;
}

/** Reads BuildKit's plain output and the classic builder's, line by line. */
export class ProgressReader {
  #steps: number;
  #line = "";
  /** BuildKit runs several steps at once: those it has named, by its own number for them. */
  readonly #seen = new Map<string, string>();
  #classic = 0;

  /** `steps`: how many the Dockerfile has for this target, as BuildKit does not say. */
  constructor(steps: number) {
    this.#steps = steps;
  }

  get progress(): BuildProgress {
    const step = this.#classic || this.#seen.size;
    return { step, steps: Math.max(step, this.#steps), line: this.#line };
  }

  read(line: string): BuildProgress {
    const classic = /^Step (\d+)\/(\d+) : (.*)$/.exec(line);
    if (classic) {
      this.#classic = Number(classic[1]);
      this.#steps = Number(classic[2]);
      this.#line = shorten(classic[3] ?? "");
      return this.progress;
    }
    const vertex = /^#(\d+) (.*)$/.exec(line);
    const id = vertex?.[1];
    const text = vertex?.[2] ?? line;
    const named = /^\[(?!internal)\S+ +\d+\/\d+\] (.*)$/.exec(text);
    if (id !== undefined && named) {
      if (!/^FROM /.test(named[1] ?? "")) this.#seen.set(id, named[1] ?? "");
      this.#line = shorten(named[1] ?? "");
      return this.progress;
    }
    const said = text.replace(/^\d+\.\d+ /, "").trim();
    if (said && !/^(sha256:|DONE|CACHED|--->|Removing intermediate)/.test(said)) this.#line = shorten(said);
    return this.progress;
  }
}

/** How many steps BuildKit will show for a target: those of its stage and of every stage that it needs. */
export function countSteps(dockerfile: string, target: string): number {
  const stages = new Map<string, { steps: number; needs: string[] }>();
  let current: { steps: number; needs: string[] } | undefined;
  for (const line of dockerfile.split("\n")) {
    const from = /^FROM (\S+) AS (\S+)/.exec(line);
    if (from) {
      current = { steps: 0, needs: [from[1] ?? ""] };
      stages.set(from[2] ?? "", current);
    } else if (current && /^(ADD|COPY|RUN|WORKDIR) /.test(line)) {
      current.steps++;
      const copied = /^COPY --from=(\S+)/.exec(line)?.[1];
      if (copied !== undefined) current.needs.push(copied);
    }
  }
  const needed = new Set([target]);
  for (const name of needed) for (const need of stages.get(name)?.needs ?? []) needed.add(need); // grows while it is walked
  return [...needed].reduce((sum, name) => sum + (stages.get(name)?.steps ?? 0), 0);
}

function shorten(text: string): string {
  const plain = text
    .replaceAll(/\s+/g, " ")
    .replace("apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y", "install");
  return plain.slice(0, 200);
}

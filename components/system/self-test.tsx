"use client";
import { Check, CircleAlert, Minus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../ui/button.tsx";
import { Card, Section } from "../ui/page.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { checks, runCheck, type Finding } from "./checks.ts";

/** Run by the browser itself, because that is what has to work. */
export function SelfTest() {
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const [busy, setBusy] = useState(false);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  async function run() {
    const { signal } = (stop.current = new AbortController());
    setBusy(true);
    setFindings([]);
    for (const check of checks) {
      const finding = await runCheck(check, signal);
      if (signal.aborted) return;
      setFindings((before) => [...before, finding]);
    }
    setBusy(false);
  }
  const failed = findings.filter(({ ok }) => ok === false).length;
  return (
    <Section
      title="Self-test"
      lead="Checks from this browser what pages and caves need, and says what to fix."
      actions={
        <Button busy={busy} onClick={() => void run()}>
          {findings.length > 0 ? "Run again" : "Run the self-test"}
        </Button>
      }
    >
      {(busy || findings.length > 0) && (
        <Card>
          <ul aria-label="Findings">
            {checks.map(({ name }, index) => {
              const finding = findings[index];
              return (
                <li
                  key={name}
                  className="flex items-start gap-3 border-b border-line px-4 py-2.5 last:border-0"
                >
                  <span className="mt-0.5">
                    {finding === undefined ? (
                      index === findings.length ? (
                        <Spinner className="text-busy" />
                      ) : (
                        <span className="block size-3.5" />
                      )
                    ) : finding.ok === undefined ? (
                      <Minus className="size-3.5 text-faint" aria-label="Not tried" />
                    ) : finding.ok ? (
                      <Check className="size-3.5 text-ok" aria-label="Works" />
                    ) : (
                      <CircleAlert className="size-3.5 text-danger" aria-label="Does not work" />
                    )}
                  </span>
                  <span className="w-32 shrink-0 font-medium">{name}</span>
                  <span className="text-dim">{finding?.detail}</span>
                </li>
              );
            })}
          </ul>
        </Card>
      )}
      <p role="status" className="sr-only">
        {!busy &&
          findings.length > 0 &&
          (failed === 0 ? "Nothing that was tried fails." : `${failed} do not work.`)}
      </p>
    </Section>
  );
}

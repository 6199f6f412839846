const steps = ["B", "KB", "MB", "GB", "TB"] as const;

/** `412 MB`, `1.2 GB`: three digits at most, powers of 1024. */
export function bytes(value: number): string {
  let step = 0;
  let rest = Math.max(0, value);
  while (rest >= 999.5 && step < steps.length - 1) {
    rest /= 1024;
    step++;
  }
  return `${step > 1 && rest < 9.95 ? trim(rest.toFixed(1)) : Math.round(rest)} ${steps[step]}`;
}

export const megabytes = (value: number): string => bytes(value * 1_048_576);

export const percent = (value: number): string => `${value > 0 && value < 1 ? "<1" : Math.round(value)} %`;

const trim = (text: string) => text.replace(/\.0$/, "");

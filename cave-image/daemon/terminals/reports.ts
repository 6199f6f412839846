/**
 * Answers that a terminal gives to a program's questions: device attributes, status and cursor position, mode reports, colours, DCS strings.
 * A viewer that is shown output again would give them a second time.
 */

const report =
  /\x1b\[[?>=]?[\d;]*[cnR]|\x1b\[\??[\d;]*\$y|\x1b\[[\d;]*t|\x1bP[^\x1b]*\x1b\\|\x1b\](?:4|5|1[0-9]);[^\x07\x1b]*(?:\x07|\x1b\\)/g;

export function withoutReports(input: Buffer): Buffer {
  const text = input.toString("latin1");
  return text.includes("\x1b") ? Buffer.from(text.replace(report, ""), "latin1") : input;
}

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Certificate {
  /** Paths of the two files. */
  readonly cert: string;
  readonly key: string;
  /** The certificate itself: its own authority. */
  readonly ca: string;
}

/** A certificate for these hosts, signed by itself, in the folder. Making it again renews it. */
export async function makeCertificate(folder: string, hosts: readonly string[]): Promise<Certificate> {
  const [cert, key] = [join(folder, "fullchain.pem"), join(folder, "privkey.pem")];
  const names = hosts.map((host) => (/^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`)).join(",");
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const naming = ["-subj", "/CN=ghost test", "-addext", `subjectAltName=${names}`];
  await promisify(execFile)("openssl", ["req", ...kind, ...naming, "-keyout", key, "-out", cert]);
  return { cert, key, ca: await readFile(cert, "utf8") };
}

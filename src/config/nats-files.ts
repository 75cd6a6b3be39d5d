/** The files of `--nats-creds`, `--nats-ca`, `--nats-cert` and `--nats-key`, read before anything is started with them. */
import { open } from "node:fs/promises";
import { limits } from "../core/limits.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { NatsSettings } from "./read-options.ts";

/** What they hold; null each: none. All but the authorities are secret. */
export type NatsFiles = {
  readonly creds: string | null;
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
};

/** The error is one line that names the file, and never a piece of it. */
export async function readNatsFiles({ credsFile, caFile, certFile, keyFile }: NatsSettings): Promise<Result<NatsFiles, string>> {
  const creds = await readFile("credentials", credsFile, /-----BEGIN NATS USER JWT-----|^SU[A-Z2-7]{56}$/m);
  if (!creds.ok) return creds;
  const ca = await readFile("authority", caFile, /-----BEGIN CERTIFICATE-----/);
  if (!ca.ok) return ca;
  const cert = await readFile("certificate", certFile, /-----BEGIN CERTIFICATE-----/);
  if (!cert.ok) return cert;
  const key = await readFile("key", keyFile, /PRIVATE KEY-----/);
  return key.ok ? ok({ creds: creds.value, ca: ca.value, cert: cert.value, key: key.value }) : key;
}

/** `mark`: what stands in every file of the kind. */
async function readFile(what: string, path: string | null, mark: RegExp): Promise<Result<string | null, string>> {
  if (path === null) return ok(null);
  try {
    await using file = await open(path, "r");
    const stat = await file.stat();
    if (!stat.isFile()) return refuse(`the NATS ${what} file ${path} is not a file`);
    if (stat.size > limits.natsFileBytesMax) return refuse(`the NATS ${what} file ${path} is larger than ${limits.natsFileBytesMax} bytes`);
    const text = await file.readFile("utf8");
    return mark.test(text) ? ok(text) : refuse(`the NATS ${what} file ${path} is none`);
  } catch (error) {
    // Expected: no such file, no permission. The code says which.
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return refuse(`the NATS ${what} file ${path} cannot be read (${code})`);
  }
}

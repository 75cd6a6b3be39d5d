/** The certificate and the key of `--tls-cert` and `--tls-key`, read and tried before anything is started with them. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { open } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { ok, refuse } from "../core/result.ts";

/** Both in PEM. */
export type TlsFiles = {
  /** The server's own certificate first, then those that lead from it to its authority. */
  readonly cert: string;
  /** A secret. */
  readonly key: string;
};

/** Reads and tries both files; the error is one line that names the file, and never a piece of the key. */
export async function readTlsFiles(certPath: string, keyPath: string): Promise<Result<TlsFiles, string>> {
  const cert = await readPem("certificate", certPath);
  if (!cert.ok) return cert;
  const key = await readPem("key", keyPath);
  if (!key.ok) return key;
  const certificate = readCertificate(cert.value);
  if (certificate === null) return refuse(`the TLS certificate file ${certPath} is no certificate in PEM`);
  const privateKey = readKey(key.value);
  if (!privateKey.ok) return refuse(`the TLS key file ${keyPath} ${privateKey.error}`);
  if (!certificate.checkPrivateKey(privateKey.value)) {
    return refuse(`the TLS key file ${keyPath} does not belong to the certificate in ${certPath}`);
  }
  const isUsable = isAcceptedByTls({ cert: cert.value, key: key.value });
  return isUsable ? ok({ cert: cert.value, key: key.value }) : refuse(`the TLS files ${certPath} and ${keyPath} cannot be used together`);
}

async function readPem(what: "certificate" | "key", path: string): Promise<Result<string, string>> {
  try {
    await using file = await open(path, "r");
    const stat = await file.stat();
    if (!stat.isFile()) return refuse(`the TLS ${what} file ${path} is not a file`);
    if (stat.size > limits.tlsFileBytesMax) return refuse(`the TLS ${what} file ${path} is larger than ${limits.tlsFileBytesMax} bytes`);
    return ok(await file.readFile("utf8"));
  } catch (error) {
    // Expected: no such file, no permission. The code says which.
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    return refuse(`the TLS ${what} file ${path} cannot be read (${code})`);
  }
}

/** null: none. The class takes the binary form as well, which a server cannot use. */
function readCertificate(pem: string): X509Certificate | null {
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) return null;
  try {
    return new X509Certificate(pem);
  } catch {
    // Expected: what stands between the markers is no certificate.
    return null;
  }
}

function readKey(pem: string): Result<KeyObject, string> {
  // Nobody could type the passphrase when a server starts by itself. PEM says so in its first lines, in either of its forms.
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    return refuse("is behind a passphrase; the server needs it without one");
  }
  try {
    return ok(createPrivateKey(pem));
  } catch {
    // Expected: what is there is no key.
    return refuse("is no private key in PEM");
  }
}

/** The last word is the TLS library's own: it refuses, for one, a key that is too short, and a chain that is cut off. */
function isAcceptedByTls(files: TlsFiles): boolean {
  try {
    createSecureContext(files);
    return true;
  } catch {
    // Expected: see above. The library's message may repeat a path of its own; ours names both files.
    return false;
  }
}

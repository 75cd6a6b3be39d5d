import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { makeCertificates, skipWithoutOpenssl } from "../../test/support/certificates.ts";
import { TemporaryFolder } from "../../test/support/process.ts";
import { limits } from "../core/limits.ts";
import { readTlsFiles } from "./tls-files.ts";

const skip = skipWithoutOpenssl;

async function errorOf(certFile: string, keyFile: string): Promise<string> {
  const files = await readTlsFiles(certFile, keyFile);
  assert.ok(!files.ok);
  assert.ok(!files.error.includes("\n"));
  return files.error;
}

function newKey(passphrase?: string): string {
  const coding = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  return String(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem", ...coding }));
}

test("a certificate and its key are read, and a chain with them", { skip }, async () => {
  using made = makeCertificates();
  assert.deepEqual(await readTlsFiles(made.certFile, made.keyFile), { ok: true, value: { cert: made.cert, key: made.key } });
  const chain = made.folder.file("chain.pem", `${made.cert}${made.ca}`);
  assert.ok((await readTlsFiles(chain, made.keyFile)).ok);
});

test("a key of another certificate, one behind a passphrase and one that is none are told apart", { skip }, async () => {
  using made = makeCertificates();
  const file = (name: string, content: string): string => made.folder.file(name, content);
  const other = file("other.pem", newKey());
  assert.equal(await errorOf(made.certFile, other), `the TLS key file ${other} does not belong to the certificate in ${made.certFile}`);
  const locked = file("locked.pem", newKey("a passphrase"));
  assert.equal(await errorOf(made.certFile, locked), `the TLS key file ${locked} is behind a passphrase; the server needs it without one`);
  const none = file("none.pem", "a secret by mistake");
  assert.equal(await errorOf(made.certFile, none), `the TLS key file ${none} is no private key in PEM`);
  assert.equal(await errorOf(made.certFile, made.certFile), `the TLS key file ${made.certFile} is no private key in PEM`);
});

test("a chain that is cut off is refused", { skip }, async () => {
  using made = makeCertificates();
  const chain = made.folder.file("chain.pem", `${made.cert}${made.ca.slice(0, 200)}`);
  assert.equal(await errorOf(chain, made.keyFile), `the TLS files ${chain} and ${made.keyFile} cannot be used together`);
});

test("files that cannot be read, are too large or hold no certificate are named", async () => {
  using folder = new TemporaryFolder();
  const key = folder.file("key.pem", newKey());
  const missing = `${folder.path}/missing.pem`;
  assert.equal(await errorOf(missing, key), `the TLS certificate file ${missing} cannot be read (ENOENT)`);
  assert.equal(await errorOf(key, missing), `the TLS key file ${missing} cannot be read (ENOENT)`);
  assert.equal(await errorOf(folder.path, key), `the TLS certificate file ${folder.path} is not a file`);
  const large = folder.file("large.pem", "x".repeat(limits.tlsFileBytesMax + 1));
  assert.equal(await errorOf(large, key), `the TLS certificate file ${large} is larger than ${limits.tlsFileBytesMax} bytes`);
  const broken = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
  for (const text of ["", "no certificate", newKey(), broken]) {
    const file = folder.file("wrong.pem", text);
    assert.equal(await errorOf(file, key), `the TLS certificate file ${file} is no certificate in PEM`);
  }
});

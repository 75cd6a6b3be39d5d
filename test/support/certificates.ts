/** A private CA and a server certificate for 127.0.0.1 and localhost, made by the program openssl in a folder of their own. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TemporaryFolder } from "./process.ts";

export type Certificates = {
  /** The folder that holds all of them; removed at the end of the scope. */
  readonly folder: TemporaryFolder;
  /** Paths of PEM files. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Their contents. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  [Symbol.dispose](): void;
};

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** For the tests that need certificates. In CI nothing may be skipped: there they run, and fail. */
export const skipWithoutOpenssl: string | false =
  hasOpenssl || process.env["CI"] === "true" ? false : "the program openssl is not installed";

/** Takes some ten milliseconds: the keys are of an elliptic curve. */
export function makeCertificates(): Certificates {
  const folder = new TemporaryFolder();
  const caKeyFile = join(folder.path, "ca-key.pem");
  const caFile = join(folder.path, "ca.pem");
  const keyFile = join(folder.path, "key.pem");
  const certFile = join(folder.path, "cert.pem");
  request(["-keyout", caKeyFile, "-out", caFile, "-subj", "/CN=Watchpost test CA"]);
  const extensions = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
  request(["-keyout", keyFile, "-out", certFile, "-subj", "/CN=127.0.0.1", "-CA", caFile, "-CAkey", caKeyFile, ...extensions]);
  const [ca = "", cert = "", key = ""] = [caFile, certFile, keyFile].map((file) => readFileSync(file, "utf8"));
  return { folder, caFile, certFile, keyFile, ca, cert, key, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

/** A new key, and a certificate of it; what openssl says goes into the error when it fails. */
function request(args: readonly string[]): void {
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...newKey, ...args], { stdio: ["ignore", "ignore", "pipe"] });
}

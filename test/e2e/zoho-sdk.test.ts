/** The official SDKs from npm, unmodified, run the whole flow against the program: over http and https, with their fields cached or not. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../../tools/repository.ts";
import { makeCertificates, skipWithoutOpenssl } from "../support/certificates.ts";
import type { Certificates } from "../support/certificates.ts";
import { TemporaryFolder, startProcess } from "../support/process.ts";
import type { WatchpostProcess } from "../support/process.ts";
import { credentialsOf, orgFile } from "../support/seeds.ts";
import type { FlowOptions } from "./sdk/flow.ts";

const entry = fileURLToPath(new URL("./sdk/main.ts", import.meta.url));
const versions = ["2.1", "6.0", "8.0"] as const;
const steps = [
  "token and current user",
  "modules",
  "fields",
  "records are created",
  "a record is read",
  "records are listed",
  "records are searched",
  "a record is updated",
  "a record is upserted",
  "a channel is enabled",
  "the channel is listed",
  "an update is called back, also to who watches the contact",
  "the channel is replaced",
  "the channel is changed in part",
  "events are disabled",
  "the channel is disabled",
  "records are deleted",
];

/** Each run has an org of its own, so that one is not told what another writes. */
const runs = versions.flatMap((version) => [false, true].map((autoRefreshFields) => ({ version, autoRefreshFields })));
const orgs = runs.map((_run, index) => orgFile(`sdk${index}`, `55402300${index}`));

for (const transport of ["http", "https"] as const) {
  const skip = transport === "https" ? skipWithoutOpenssl : false;
  describe(`the SDKs over ${transport}`, { skip, concurrency: 3, timeout: 120_000 }, () => {
    let folder: TemporaryFolder;
    let certificates: Certificates | null = null;
    let server: WatchpostProcess;
    let baseUrl = "";
    before(async () => {
      folder = new TemporaryFolder();
      certificates = transport === "https" ? makeCertificates() : null;
      const tls = certificates === null ? [] : ["--tls-cert", certificates.certFile, "--tls-key", certificates.keyFile];
      const args = [
        "serve",
        "--data",
        join(folder.path, "data"),
        "--seed",
        folder.file("seed.json", { orgs }),
        "--allow-target",
        "127.0.0.0/8",
      ];
      const started = await startProcess([...args, ...tls]);
      server = started.server;
      baseUrl = started.ready.baseUrl;
      assert.equal(new URL(baseUrl).protocol, `${transport}:`);
    });
    after(async () => {
      await server?.kill();
      certificates?.[Symbol.dispose]();
      folder?.[Symbol.dispose]();
    });
    for (const [index, { version, autoRefreshFields }] of runs.entries()) {
      test(`${version} runs the whole flow, autoRefreshFields(${autoRefreshFields})`, async () => {
        using own = new TemporaryFolder();
        const name = `sdk${index}`;
        const zgid = `55402300${index}`;
        const email = `owner@${name}.example`;
        const options: FlowOptions = { baseUrl, folder: own.path, autoRefreshFields, email, zgid, ...credentialsOf(name) };
        const environment = certificates === null ? {} : { NODE_EXTRA_CA_CERTS: certificates.caFile };
        const { code, stdout, stderr } = await playInChild(version, options, environment);
        assert.equal(code, 0, `${stdout}${stderr}`);
        assert.deepEqual(stdout.trim().split("\n"), steps);
        for (const left of ["sdk_tokens.txt", "tokens.txt", "resources"]) assert.ok(!existsSync(join(repositoryRoot, left)), left);
      });
    }
  });
}

async function playInChild(
  version: string,
  options: FlowOptions,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const args = ["--disable-warning=ExperimentalWarning", entry, version, JSON.stringify(options)];
  const child = spawn(process.execPath, args, {
    // What an SDK leaves where it runs, it leaves in the folder that goes.
    cwd: options.folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  await once(child, "close");
  return { code: child.exitCode, stdout, stderr };
}

/**
 * Which folder of `src/` may import what. The flow reads downwards and nothing imports upwards; the two halves of the program
 * meet at `src/app/commands.ts`: what stands in front of the thread boundary (dispatch, http, cli) sees the table of commands
 * and never a use case or the store.
 *
 * Run as a program it prints each import that breaks the table and ends with 1, or says how many files it read.
 */
import path from "node:path";
import { isTest, readSources, withoutComments } from "./repository.ts";
import type { SourceFile } from "./repository.ts";

type Layer = {
  /** Folders of `src/`, or single files of them, that this one may import besides its own. */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
  /** `none`: no module of the runtime; otherwise all but those that `reservedModules` gives to another layer. */
  readonly runtimeModules: "none" | "unreserved";
};

/** What the front may know of the back. */
const boundary = ["app/commands.ts", "app/password.ts", "app/target-guard.ts"];

export const layers: Readonly<Record<string, Layer>> = {
  core: { imports: [], packages: [], runtimeModules: "none" },
  wire: { imports: ["core"], packages: [], runtimeModules: "none" },
  store: { imports: ["core", "wire"], packages: ["kysely", "pg"], runtimeModules: "unreserved" },
  app: { imports: ["core", "wire", "store"], packages: ["ipaddr.js"], runtimeModules: "unreserved" },
  observe: { imports: ["core"], packages: ["pino", "prom-client"], runtimeModules: "unreserved" },
  config: { imports: ["core"], packages: [], runtimeModules: "unreserved" },
  queue: {
    imports: ["core", "app/commands.ts", "observe"],
    packages: ["@nats-io/jetstream", "@nats-io/transport-node"],
    runtimeModules: "unreserved",
  },
  dispatch: {
    imports: ["core", "wire", ...boundary, "observe", "config", "queue/delivery-queue.ts"],
    packages: ["undici"],
    runtimeModules: "unreserved",
  },
  openapi: { imports: ["core", "wire"], packages: [], runtimeModules: "none" },
  http: { imports: ["core", "wire", ...boundary, "observe", "config", "openapi"], packages: ["fastify"], runtimeModules: "unreserved" },
  cli: {
    // Copies are made and brought back beside the server, which may be stopped, busy or ill, and a store is moved while it is stopped; the store
    // alone knows its files and tables. What servers would find of a database and a broker is looked at before there is a server.
    imports: [
      "core",
      "wire",
      ...boundary,
      "observe",
      "config",
      "server.ts",
      "store/sqlite/backup.ts",
      "store/move/move-store.ts",
      "store/postgres/examine.ts",
      "queue/nats-examine.ts",
    ],
    packages: ["commander", "undici"],
    runtimeModules: "unreserved",
  },
  // What other programs import: nothing of the server may come along, and no module of one runtime.
  client: { imports: ["core/clock.ts", "wire/retry-after.ts"], packages: [], runtimeModules: "none" },
  "server.ts": {
    imports: ["core", "wire", "app", "queue", "dispatch", "http", "observe", "config", "server-parts.ts"],
    packages: [],
    runtimeModules: "unreserved",
  },
  "server-parts.ts": {
    imports: ["core", "wire", "app", "queue", "dispatch", "http", "observe", "config", "server.ts"],
    packages: [],
    runtimeModules: "unreserved",
  },
};

/** Modules of the runtime that belong to the layers named here and to no other. */
const reservedModules: Readonly<Record<string, readonly string[]>> = {
  "node:sqlite": ["store"],
  "node:worker_threads": ["app"],
  "node:http": ["http", "cli"],
  "node:https": [],
  "node:child_process": ["cli"],
};

/** What a test beside the code may import besides what its layer may; it may reach any folder to build what it tests. */
const testPackages = ["fast-check", "standardwebhooks", "undici"];

/** The imports of `file`, a file of `src/`, that the table forbids, each as one line. */
export function layerFaults(file: SourceFile): readonly string[] {
  const layerName = layerOf(file.path);
  const layer = layers[layerName];
  if (layer === undefined) return [`${file.path}: the folder ${layerName} has no row in tools/layers.ts`];
  return importsOf(file.text)
    .filter((specifier) => !(isTest(file.path) ? isAllowedInTest(layer, specifier) : isAllowed(layer, specifier, file.path)))
    .map((specifier) => `${file.path}: ${layerName} may not import ${specifier}`);
}

/** The module specifiers of static imports, re-exports and dynamic imports; one that is no literal is given as it stands. */
export function importsOf(text: string): readonly string[] {
  const code = withoutComments(text);
  const statements = [...code.matchAll(/^(?:import|export)\b[^;"]*?(?:\bfrom\s*)?"([^"]+)"(?:\s+with\b[^;]*)?;/gm)];
  const dynamic = [...code.matchAll(/\bimport\s*\(\s*(?:"([^"]+)"|([^)]+))/g)];
  const statementsOnly = statements.filter((match) => /^import\b|\bfrom\s*"/.test(match[0]));
  return [...statementsOnly, ...dynamic].map((match) => match[1] ?? match[2] ?? "");
}

function isAllowed(layer: Layer, specifier: string, from: string): boolean {
  const layerName = layerOf(from);
  if (specifier.startsWith("node:")) {
    return layer.runtimeModules === "unreserved" && (reservedModules[specifier]?.includes(layerName) ?? true);
  }
  if (!specifier.startsWith(".")) return layer.packages.includes(packageOf(specifier));
  const target = path.posix.join(path.posix.dirname(from), specifier);
  if (target === "package.json") return layer.runtimeModules === "unreserved";
  if (!target.startsWith("src/")) return false;
  const targetLayer = layerOf(target);
  return targetLayer === layerName || layer.imports.includes(targetLayer) || layer.imports.includes(target.slice("src/".length));
}

function isAllowedInTest(layer: Layer, specifier: string): boolean {
  if (specifier.startsWith("node:") || specifier.startsWith(".")) return true;
  return layer.packages.includes(packageOf(specifier)) || testPackages.includes(packageOf(specifier));
}

/** `kysely` of `kysely/migration`, `@scope/name` of `@scope/name/part`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** `core` of `src/core/ids.ts`; a file right in `src/` is a layer of its own. */
function layerOf(filePath: string): string {
  return filePath.split("/")[1] ?? "";
}

if (import.meta.main) {
  const files = readSources(".ts").filter((file) => file.path.startsWith("src/"));
  const faults = files.flatMap(layerFaults);
  process.exitCode = faults.length === 0 ? 0 : 1;
  process.stdout.write(faults.length === 0 ? `layers: ${String(files.length)} files, every import allowed\n` : `${faults.join("\n")}\n`);
}

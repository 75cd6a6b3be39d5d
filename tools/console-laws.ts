/**
 * The laws of `console/`: which of its folders may import what, and what only one file of it may touch. The console is a program of
 * its own that talks to the admin API: nothing of `src/` reaches into it, and it reaches into nothing of `src/`.
 *
 * Run as a program it prints each fault and ends with 1, or says how many files it read.
 */
import path from "node:path";
import { importsOf } from "./layers.ts";
import { matchesIn, readSources, withoutComments } from "./repository.ts";
import type { SourceFile } from "./repository.ts";

type Folder = {
  /** Folders of `console/src/` that this one may import besides its own. */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
};

const react = ["react"];
const ui = [...react, "@mantine/core", "@tanstack/react-query"];

/** The flow reads downwards. A page imports no other page. */
export const consoleFolders: Readonly<Record<string, Folder>> = {
  api: { imports: [], packages: [] },
  format: { imports: ["api"], packages: [] },
  routing: { imports: [], packages: react },
  data: { imports: ["api"], packages: [...react, "@tanstack/react-query"] },
  parts: { imports: ["api", "format", "routing", "data"], packages: ui },
  pages: { imports: ["api", "format", "routing", "data", "parts"], packages: [...ui, "@mantine/charts"] },
  shell: { imports: ["api", "routing", "data", "parts", "pages"], packages: ui },
  styles: { imports: [], packages: ["@mantine/core"] },
  "main.tsx": { imports: ["api", "shell", "styles"], packages: [...ui, "react-dom"] },
};

/** The imports of a file of `console/` that the table forbids. */
export function consoleLayerFaults(file: SourceFile): readonly string[] {
  const place = placeOf(file.path);
  const isTest = file.path.endsWith(".test.ts");
  if (!file.path.startsWith("console/src/")) {
    return importsOf(file.text).flatMap((specifier) =>
      leadsOut(file.path, specifier) ? [`${file.path}: console may not import ${specifier}`] : [],
    );
  }
  const folder = consoleFolders[place];
  if (folder === undefined) return [`${file.path}: the folder ${place} has no row in tools/console-laws.ts`];
  return importsOf(file.text)
    .filter((specifier) => !(isTest && specifier.startsWith("node:")) && !isAllowed(folder, specifier, file.path))
    .map((specifier) => `${file.path}: ${place} may not import ${specifier}`);
}

type Ban = { readonly what: string; readonly pattern: RegExp; readonly allowedIn: readonly string[] };

const bans: readonly Ban[] = [
  { what: "the clock", pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/g, allowedIn: ["console/src/data/browser.ts"] },
  { what: "a timer", pattern: /\bset(?:Timeout|Interval)\(/g, allowedIn: ["console/src/data/browser.ts"] },
  { what: "the network", pattern: /(?<![.\w])fetch\(|\bnew EventSource\(|\bXMLHttpRequest\b/g, allowedIn: ["console/src/data/browser.ts"] },
  {
    what: "the address",
    pattern: /\bhistory\.\w+|\bonpopstate\b/g,
    allowedIn: ["console/src/routing/navigation.ts", "console/src/shell/token-in-address.ts"],
  },
  // What records and receivers hold is hostile: it becomes text nodes and nothing else.
  {
    what: "markup from text",
    pattern: /dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(/g,
    allowedIn: [],
  },
  // Secrets live in memory and in a cookie that no script reads.
  { what: "the browser's storage", pattern: /\b(?:local|session)Storage\b|\bindexedDB\b|document\.cookie/g, allowedIn: [] },
];

/** What a file of `console/src/` uses that belongs to another. */
export function consoleGlobalFaults(file: SourceFile): readonly string[] {
  if (!file.path.startsWith("console/src/")) return [];
  const code = { ...file, text: withoutTemplates(withoutComments(file.text)) };
  return bans
    .filter((ban) => !ban.allowedIn.includes(file.path))
    .flatMap((ban) => matchesIn(code, ban.pattern).map((place) => `${place} (${ban.what})`));
}

/** Snippets for people to paste are text, not code of the console. */
function withoutTemplates(code: string): string {
  return code.replace(/`(?:[^`\\]|\\.)*`/g, (text) => text.replace(/[^\n]/g, " "));
}

function isAllowed(folder: Folder, specifier: string, from: string): boolean {
  if (!specifier.startsWith(".")) return folder.packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  const target = path.posix.join(path.posix.dirname(from), specifier);
  if (!target.startsWith("console/src/")) return false;
  if (pageOf(target) !== null && pageOf(from) !== null) return pageOf(target) === pageOf(from);
  return placeOf(target) === placeOf(from) || folder.imports.includes(placeOf(target));
}

function leadsOut(from: string, specifier: string): boolean {
  return specifier.startsWith(".") && !path.posix.join(path.posix.dirname(from), specifier).startsWith("console/");
}

/** `api` of `console/src/api/client.ts`. */
function placeOf(filePath: string): string {
  return filePath.split("/")[2] ?? "";
}

/** `home` of `console/src/pages/home/charts.tsx`. */
function pageOf(filePath: string): string | null {
  return /^console\/src\/pages\/([^/]+)\//.exec(filePath)?.[1] ?? null;
}

if (import.meta.main) {
  const files = readSources(".ts", ".tsx").filter((file) => file.path.startsWith("console/"));
  const faults = files.flatMap((file) => [...consoleLayerFaults(file), ...consoleGlobalFaults(file)]);
  process.exitCode = faults.length === 0 ? 0 : 1;
  process.stdout.write(faults.length === 0 ? `console: ${String(files.length)} files, every import allowed\n` : `${faults.join("\n")}\n`);
}

/** The files of the checkout, as the checks read them: no installed packages, nothing that git keeps for itself. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

export type SourceFile = {
  /** From the root of the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
};

export const repositoryRoot = path.resolve(import.meta.dirname, "..");

const ignoredFolders: ReadonlySet<string> = new Set(["node_modules", ".git", ".watchpost", "coverage", "dist"]);

/** The paths of every file of the checkout, sorted. */
export function listFiles(root: string = repositoryRoot): readonly string[] {
  const found: string[] = [];
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const entryPath = path.posix.join(folder, entry.name);
      if (!entry.isDirectory()) found.push(entryPath);
      else if (!ignoredFolders.has(entry.name)) waiting.push(entryPath);
    }
  }
  return found.toSorted();
}

export function readSource(filePath: string): SourceFile {
  return { path: filePath, text: readFileSync(path.join(repositoryRoot, filePath), "utf8") };
}

/** The files whose name ends in one of `endings`, with their text. */
export function readSources(...endings: readonly string[]): readonly SourceFile[] {
  return listFiles()
    .filter((filePath) => endings.some((ending) => filePath.endsWith(ending)))
    .map(readSource);
}

export function sizeBytesOf(filePath: string): number {
  return statSync(path.join(repositoryRoot, filePath)).size;
}

export function isTest(filePath: string): boolean {
  return filePath.endsWith(".test.ts");
}

/** The code with its comments blanked out; lines keep their numbers. A `//` inside a string literal stays. */
export function withoutComments(code: string): string {
  const stringOrComment = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return code.replace(stringOrComment, (part) => (part.startsWith("/") ? part.replace(/[^\n]/g, " ") : part));
}

/** `path:line: matched text` for each match of the pattern, which must be global. */
export function matchesIn(file: SourceFile, pattern: RegExp): readonly string[] {
  return [...file.text.matchAll(pattern)].map((match) => {
    const line = file.text.slice(0, match.index).split("\n").length;
    return `${file.path}:${String(line)}: ${match[0].trim()}`;
  });
}

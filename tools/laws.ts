/**
 * The laws of the checkout that no other tool knows. Each is a function from files to faults, one line a fault, so that
 * `test/tidy.test.ts` can run it over the real files and over made-up ones that break it.
 */
import { isTest, matchesIn, withoutComments } from "./repository.ts";
import type { SourceFile } from "./repository.ts";

const linesMax = 400;
const testLinesMax = 800;

/** One idea a file: 400 lines at most, a test 800. */
export function lengthFaults(file: SourceFile): readonly string[] {
  const lines = file.text.split("\n").length - (file.text.endsWith("\n") ? 1 : 0);
  const max = isTest(file.path) ? testLinesMax : linesMax;
  return lines <= max ? [] : [`${file.path}: ${String(lines)} lines, ${String(max)} allowed`];
}

/** Files are kebab-case and named for what they hold. */
export function nameFaults(filePath: string): readonly string[] {
  const name = filePath.split("/").at(-1) ?? "";
  const stem = name.replace(/(\.(test|pg|nats|config))*\.tsx?$/, "");
  const isVague = /^(utils?|helpers?|commons?|managers?|misc)$/.test(stem) || /-(utils?|helpers?|manager)$/.test(stem);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem)) return [`${filePath}: not kebab-case`];
  return isVague ? [`${filePath}: says nothing of what it holds`] : [];
}

/** Work left for later has an issue: the mark is followed by `(#12)`. */
export function reminderFaults(file: SourceFile): readonly string[] {
  return matchesIn(file, new RegExp(`\\b(?:${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b(?!\\(#\\d+\\)).*`, "g"));
}

/** A Markdown page has one title, and it comes first. */
export function titleFaults(file: SourceFile): readonly string[] {
  const prose = file.text.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, "");
  const titles = prose.match(/^# .+$/gm) ?? [];
  if (titles.length !== 1) return [`${file.path}: ${String(titles.length)} titles`];
  return prose.trimStart().startsWith("# ") ? [] : [`${file.path}: the title does not come first`];
}

/** What only versions.ts may do: ask which version it is dealing with. Everything else reads the version's row of data. */
export function versionFaults(file: SourceFile): readonly string[] {
  if (file.path === "src/wire/versions.ts") return [];
  const comparison =
    /(?:[=!]==?\s*"v[2-9](?:\.\d)?"|"v[2-9](?:\.\d)?"\s*[=!]==?|case\s+"v[2-9]|\.startsWith\("v[2-9]|[vV]ersion(?:\.name|Name)?\s*(?:[<>]=?|[=!]==?)\s*["\d]).*/g;
  return matchesIn({ ...file, text: withoutComments(file.text) }, comparison);
}

type Ban = {
  readonly what: string;
  readonly pattern: RegExp;
  /** Files and folders (with a closing `/`) that may do it. */
  readonly allowedIn: readonly string[];
};

/** The demo is a client in a process of its own, beside the server: it has nothing that could hand it a clock. */
const demo = ["src/cli/demo/", "src/cli/demo.ts", "src/cli/demo-receiver.ts"];

/** The kit runs in other people's programs, which may pass in a clock of their own: its defaults for those that do not. */
const kit = "src/client/system.ts";

/**
 * Time, chance, the environment and the process come in from outside: who makes the real ones is listed here. `worker.ts` makes
 * the parts of its side of the thread boundary, which no function crosses.
 */
const bans: readonly Ban[] = [
  {
    what: "the clock",
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bprocess\.hrtime\b/g,
    allowedIn: ["src/config/system.ts", "src/app/worker.ts", kit, ...demo],
  },
  {
    what: "a timer",
    pattern: /\bset(?:Timeout|Interval)\(|node:timers/g,
    // A socket's own limit on silence.
    allowedIn: ["src/config/system.ts", "src/store/postgres/farewell.ts", kit, ...demo],
  },
  { what: "chance", pattern: /\bMath\.random\b/g, allowedIn: ["src/config/system.ts", "src/app/worker.ts", kit] },
  { what: "the environment", pattern: /\bprocess\.env\b/g, allowedIn: ["src/cli/main.js"] },
  { what: "the end of the process", pattern: /\bprocess\.(?:exit|abort|reallyExit)\(/g, allowedIn: ["src/cli/signals.ts"] },
  { what: "console", pattern: /\bconsole\.\w+/g, allowedIn: [] },
  { what: "standard output", pattern: /\bprocess\.(?:stdout|stderr)\b/g, allowedIn: ["src/cli/"] },
  { what: "fetch", pattern: /(?<![.\w])fetch\(/g, allowedIn: demo },
];

/** Globals that code in `src/` takes from outside, used where the table does not allow it. */
export function globalFaults(file: SourceFile): readonly string[] {
  const code = { ...file, text: withoutComments(file.text) };
  return bans
    .filter((ban) => !ban.allowedIn.some((place) => (place.endsWith("/") ? file.path.startsWith(place) : file.path === place)))
    .flatMap((ban) => matchesIn(code, ban.pattern).map((place) => `${place} (${ban.what})`));
}

/** Nothing names a package registry, or a folder that only one machine has. */
export function placeFaults(file: SourceFile): readonly string[] {
  const registries = ["registry\\.npm", "registry\\.yarn", "npm" + "js\\.", "deb\\.debian\\."];
  const folders = ["work", "root", "farm", "home", "Users"].map((folder) => `(?<![\\w.@:\\-/}])/${folder}/`);
  return matchesIn(file, new RegExp(`(?:${[...registries, ...folders].join("|")}).*`, "g"));
}

/** Hosts that stand for no real one: this machine, and the names kept for examples. */
const harmlessHost =
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|(?:[\w-]+\.)*(?:example|test|invalid|localhost)|(?:[\w-]+\.)*example\.(?:com|org|net))$/;

/** Code outside the tests writes no URL of a host but this machine's own and those kept for examples. */
export function hostFaults(file: SourceFile): readonly string[] {
  const urls = [...withoutComments(file.text).matchAll(/\bhttps?:\/\/([^\s/"'`:?#)$\\]+|\[[^\]]+\])/g)];
  return urls.filter((url) => !harmlessHost.test((url[1] ?? "").replace(/[.,;]+$/, ""))).map((url) => `${file.path}: ${url[0]}`);
}

/** Every file of a pure layer with code that runs has its test beside it; types alone and the catalog's data need none. */
export function missingTests(files: readonly SourceFile[]): readonly string[] {
  const paths = new Set(files.map((file) => file.path));
  return files
    .filter((file) => /^src\/(?:core|wire)\//.test(file.path) && !isTest(file.path) && !file.path.startsWith("src/core/catalog/"))
    .filter((file) => /^(?:export )?(?:async )?(?:function|class|const|let)\b/m.test(withoutComments(file.text)))
    .map((file) => file.path.replace(/\.ts$/, ".test.ts"))
    .filter((test) => !paths.has(test))
    .map((test) => `${test} is missing`);
}

/** The ends of what differs between the sizes: each may know itself. */
const sizeEnds = ["src/store/sqlite/", "src/store/postgres/", "src/store/move/", "src/queue/"];

/**
 * The files of `src` outside those ends that know in which size they run: that name a database or a broker, ask what part the process has, or ask how
 * the store undoes a command. ARCHITECTURE.md lists them, and no other may.
 */
export function sizeKnowers(files: readonly SourceFile[]): readonly string[] {
  const knowing = /sqlite|postgres|nats|jetstream|databaseUrl|broker|\broles?\.has\(|\.undo\b|\b(?:wire|shared) [!=]== null/i;
  return files
    .filter(({ path }) => path.startsWith("src/") && !isTest(path) && !sizeEnds.some((end) => path.startsWith(end)))
    .filter(({ text }) => knowing.test(withoutComments(text)))
    .map(({ path }) => path);
}

/** What stands in one of two lists and not in the other. */
export function parityFaults(
  code: { name: string; entries: readonly string[] },
  page: { name: string; entries: readonly string[] },
): readonly string[] {
  const inCode = new Set(code.entries);
  const onPage = new Set(page.entries);
  return [
    ...code.entries.filter((entry) => !onPage.has(entry)).map((entry) => `${entry} is in ${code.name} but not in ${page.name}`),
    ...page.entries.filter((entry) => !inCode.has(entry)).map((entry) => `${entry} is in ${page.name} but not in ${code.name}`),
  ];
}

/** The cells of the tables under the heading, without code marks; a row counts when its first cell is a code span. */
export function tableRows(page: SourceFile, heading: string): readonly (readonly string[])[] {
  const from = page.text.indexOf(`\n## ${heading}\n`);
  if (from === -1) return [];
  const rest = page.text.slice(from + heading.length + 5);
  const until = rest.search(/^## /m);
  const rows = (until === -1 ? rest : rest.slice(0, until)).match(/^\| `[^`]+`.*\|$/gm) ?? [];
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

/** The first cells of `tableRows`. */
export function tableKeys(page: SourceFile, heading: string): readonly string[] {
  return tableRows(page, heading).map((cells) => cells[0] ?? "");
}

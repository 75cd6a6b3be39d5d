/** Reads a seed from a file: its size, its JSON, its content. */
import { open } from "node:fs/promises";
import { limits } from "../core/limits.ts";
import type { Result } from "../core/result.ts";
import { refuse } from "../core/result.ts";
import type { Seed } from "../core/seed.ts";
import { parseSeed } from "./seed-parser.ts";

/** The seed in the file; the error is one line that names the file, and where in it the fault lies. */
export async function readSeedFile(path: string): Promise<Result<Seed, string>> {
  const text = await readText(path);
  if (!text.ok) return text;
  const seed = parseSeedText(text.value);
  return seed.ok ? seed : refuse(`the seed file ${path} is wrong: ${seed.error}`);
}

/** Reads the text of a seed; a byte order mark in front is passed over. */
export function parseSeedText(text: string): Result<Seed, string> {
  const document = parseJson(text.replace(/^\uFEFF/, ""));
  return document.ok ? parseSeed(document.value) : document;
}

async function readText(path: string): Promise<Result<string, string>> {
  try {
    await using file = await open(path, "r");
    const stat = await file.stat();
    if (!stat.isFile()) return refuse(`the seed file ${path} is not a file`);
    if (stat.size > limits.seedFileBytesMax) return refuse(`the seed file ${path} is larger than ${String(limits.seedFileBytesMax)} bytes`);
    return { ok: true, value: await file.readFile("utf8") };
  } catch (error) {
    // Expected: no such file, no permission. The code says which.
    return refuse(`the seed file ${path} cannot be read (${codeOf(error)})`);
  }
}

type ReviverContext = { readonly source?: string };

/**
 * Whole numbers beyond what a JavaScript number holds exactly stay the digits that were written (DESIGN ruling 13). The runtime's own
 * message is not passed on, because it repeats a piece of the text; only the place in it is.
 */
function parseJson(text: string): Result<unknown, string> {
  const keepDigits = (_key: string, value: unknown, context?: ReviverContext): unknown =>
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) ? (context?.source ?? value) : value;
  try {
    return { ok: true, value: JSON.parse(text, keepDigits) as unknown };
  } catch (error) {
    // Expected: a SyntaxError.
    const message = error instanceof Error ? error.message : "";
    const place = /\(line \d+ column \d+\)/.exec(message)?.[0];
    return refuse(
      `$: not valid JSON${place === undefined ? "" : ` ${place}`}${message.startsWith("Unexpected end") ? " (it ends too early)" : ""}`,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

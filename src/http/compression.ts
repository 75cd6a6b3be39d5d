/** Compressed answers, for the clients that ask: all but curl do (CLIENTS 2.5). */
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

const gzipInThreadPool = promisify(gzip);

/** The quickest level: metadata shrinks to a fourteenth by it, and the best one costs twice the time for another fifth off. */
const options = { level: constants.Z_BEST_SPEED };

/** The text as gzip; worked on outside the main thread. */
export function compress(text: string): Promise<Buffer> {
  return gzipInThreadPool(text, options);
}

/**
 * Whether an `Accept-Encoding` prefers gzip to the text as it is: by name or by `*`, with a weight above 0 and not below that of `identity`. A
 * header that is absent asks for nothing.
 */
export function prefersGzip(acceptEncoding: string | undefined): boolean {
  return prefersCoding(acceptEncoding, ["gzip", "x-gzip"]);
}

/** The same question of a coding that goes by these names. */
export function prefersCoding(acceptEncoding: string | undefined, names: readonly string[]): boolean {
  if (acceptEncoding === undefined || acceptEncoding === "") return false;
  const weights = new Map<string, number>();
  for (const part of acceptEncoding.split(",")) {
    const [coding = "", ...parameters] = part.split(";");
    weights.set(coding.trim().toLowerCase(), weightOf(parameters));
  }
  const named = names.map((name) => weights.get(name)).find((weight) => weight !== undefined);
  const weight = named ?? weights.get("*") ?? 0;
  return weight > 0 && weight >= (weights.get("identity") ?? 0);
}

/** `q=0.5`; 1 when absent, 0 when it cannot be read. */
function weightOf(parameters: readonly string[]): number {
  const text = parameters.map((parameter) => /^\s*q\s*=\s*(.*?)\s*$/i.exec(parameter)?.[1]).find((value) => value !== undefined);
  if (text === undefined) return 1;
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

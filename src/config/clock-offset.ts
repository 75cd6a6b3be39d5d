/**
 * How far ahead of real time the clock of `dev` is, in a file of the data folder: what is stored there was written at instants of
 * that clock, so the next start goes on from it.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../core/clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

const fileName = "virtual-clock.json";

/**
 * A clock over `base` that goes on from where the folder's last one stood; null keeps nothing. Rejects with an
 * Error for people when the folder's file cannot be read.
 */
export async function openVirtualClock(base: Clock, dataFolder: string | null): Promise<VirtualClock> {
  return new VirtualClock({
    base,
    offsetMs: dataFolder === null ? 0 : await readClockOffset(dataFolder),
    keepOffset: async (offsetMs) => {
      if (dataFolder !== null) await writeClockOffset(dataFolder, offsetMs);
    },
  });
}

/** The offset in ms, 0 when there is no file. Rejects with an Error for people when there is one that says nothing of the kind. */
async function readClockOffset(dataFolder: string): Promise<number> {
  const file = path.join(dataFolder, fileName);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    // Expected: the clock was never moved, or there is no folder yet.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw new Error(`the virtual clock's file ${file} cannot be read`, { cause: error });
  }
  const offsetMs = parseOffset(text);
  if (offsetMs === null) throw new Error(`${file} is not {"offset_ms": milliseconds}; without the file the clock starts at real time`);
  return offsetMs;
}

/** Writes the offset; the folder is there. A crash leaves the old one or the new one. */
async function writeClockOffset(dataFolder: string, offsetMs: number): Promise<void> {
  const file = path.join(dataFolder, fileName);
  await writeFile(`${file}.new`, `${JSON.stringify({ offset_ms: offsetMs })}\n`);
  await rename(`${file}.new`, file);
}

function parseOffset(text: string): number | null {
  try {
    const body: unknown = JSON.parse(text);
    const offsetMs = typeof body === "object" && body !== null && "offset_ms" in body ? body.offset_ms : null;
    return typeof offsetMs === "number" && Number.isSafeInteger(offsetMs) && offsetMs >= 0 ? offsetMs : null;
  } catch {
    // Expected: no JSON.
    return null;
  }
}

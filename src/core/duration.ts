/** Lengths of time as people write them: `7d`, `1h30m`, `250ms`, or in the form of ISO 8601, `P7D`, `PT1H30M`. */

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const isoUnitsMs: readonly number[] = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000];

const plainForm = /^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/;
const isoForm = /^P(?=\d|T\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Reads a length of time into whole ms; null when it is none. A number needs its unit: ms, s, m (minutes), h or d (24 hours). Of
 * ISO 8601, years and months are left out, since they differ in length.
 */
export function readDuration(text: string): number | null {
  const durationMs = plainForm.test(text) ? plainDurationMs(text) : isoDurationMs(text);
  if (durationMs === null) return null;
  const wholeMs = Math.round(durationMs);
  return Number.isSafeInteger(wholeMs) ? wholeMs : null;
}

function plainDurationMs(text: string): number {
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]+)(ms|[smhd])/g)) totalMs += Number(count) * (unitMs[unit ?? ""] ?? 0);
  return totalMs;
}

function isoDurationMs(text: string): number | null {
  const match = isoForm.exec(text);
  if (match === null) return null;
  return isoUnitsMs.reduce((totalMs, lengthMs, at) => totalMs + Number(match[at + 1] ?? 0) * lengthMs, 0);
}

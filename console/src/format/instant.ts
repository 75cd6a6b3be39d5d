/** Instants and lengths of time, for people. `now` is the server's, which in `dev` is not the browser's. */
const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `12 s ago`, `in 3 min`, `in 2 d 4 h`, `now`. */
export function relativeTime(atMs: number, now: number): string {
  const distanceMs = Math.abs(atMs - now);
  if (distanceMs < secondMs) return "now";
  const length = roughLength(distanceMs);
  return atMs > now ? `in ${length}` : `${length} ago`;
}

/** The length in its largest unit, and for hours and days in the next one too. */
export function roughLength(lengthMs: number): string {
  if (lengthMs < secondMs) return `${Math.round(lengthMs)} ms`;
  if (lengthMs < minuteMs) return `${Math.floor(lengthMs / secondMs)} s`;
  if (lengthMs < hourMs) return `${Math.floor(lengthMs / minuteMs)} min`;
  const isHours = lengthMs < dayMs;
  const [largeMs, smallMs] = isHours ? [hourMs, minuteMs] : [dayMs, hourMs];
  const large = `${Math.floor(lengthMs / largeMs)} ${isHours ? "h" : "d"}`;
  const small = Math.floor((lengthMs % largeMs) / smallMs);
  return small === 0 ? large : `${large} ${small} ${isHours ? "min" : "h"}`;
}

/** A length that somebody has set, in words and whole: `7 days`, `36 hours`, `1 day`, `90 minutes`. */
export function spanText(lengthMs: number): string {
  const [unitMs, unit] =
    lengthMs % dayMs === 0
      ? ([dayMs, "day"] as const)
      : lengthMs % hourMs === 0
        ? ([hourMs, "hour"] as const)
        : lengthMs % minuteMs === 0
          ? ([minuteMs, "minute"] as const)
          : ([secondMs, "second"] as const);
  const count = lengthMs / unitMs;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** A length down to the ms, as an attempt's: `3 ms`, `1.24 s`. */
export function exactLength(lengthMs: number): string {
  if (lengthMs < 10) return `${Number(lengthMs.toFixed(1))} ms`;
  return lengthMs < secondMs ? `${Math.round(lengthMs)} ms` : `${(lengthMs / secondMs).toFixed(2)} s`;
}

/** The instant in the browser's zone and in UTC, one under the other. */
export function absoluteTime(atMs: number, timeZone?: string): string {
  const at = new Date(atMs);
  const options = { dateStyle: "medium", timeStyle: "medium", ...(timeZone === undefined ? {} : { timeZone }) } as const;
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `${new Intl.DateTimeFormat("en-GB", options).format(at)} (${zone})\n${at.toISOString()} (UTC)`;
}

/** `18:04:31`, in the browser's zone. */
export function clockTime(atMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", ...(timeZone === undefined ? {} : { timeZone }) }).format(new Date(atMs));
}

/** `25 Nov 2026, 18:04:31`, in the browser's zone. */
export function dateAndTime(atMs: number, timeZone?: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium",
    timeStyle: "medium",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(new Date(atMs));
}

/** What an `<input type="datetime-local">` holds, as an instant in UTC; empty when it holds none. */
export function instantOfInput(value: string): string {
  const at = new Date(value);
  return value === "" || Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

/** The instant as an `<input type="datetime-local">` wants it, in the browser's zone; empty for none. */
export function inputOfInstant(iso: string): string {
  const at = new Date(iso);
  if (iso === "" || Number.isNaN(at.getTime())) return "";
  const local = new Date(at.getTime() - at.getTimezoneOffset() * minuteMs);
  return local.toISOString().slice(0, 16);
}

/**
 * The `Retry-After` of an answer: whole seconds, or an HTTP date in one of the three forms that a reader must know
 * (RFC 9110 § 10.2.3 and § 5.6.7). What is neither says nothing.
 */

const secondsForm = /^\d+$/;
const clockForm = String.raw`(\d{2}):(\d{2}):(\d{2})`;
/** `Sun, 06 Nov 1994 08:49:37 GMT` */
const fixedForm = new RegExp(String.raw`^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) ${clockForm} GMT$`);
/** `Sunday, 06-Nov-94 08:49:37 GMT` */
const shortYearForm = new RegExp(String.raw`^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) ${clockForm} GMT$`);
/** `Sun Nov  6 08:49:37 1994` */
const unixForm = new RegExp(String.raw`^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) ${clockForm} (\d{4})$`);

const monthNames: readonly string[] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * How long the answer asks to wait from `now`, in ms, at least 0; null when it does not ask. A time that has passed asks for nothing
 * more than 0. Of several headers the first counts.
 */
export function readRetryAfter(header: string | readonly string[] | undefined, now: number): number | null {
  const text = (typeof header === "string" ? header : header?.[0])?.trim();
  if (text === undefined) return null;
  // More digits than a number holds are simply long.
  if (secondsForm.test(text)) return Math.min(Number(text) * 1_000, Number.MAX_SAFE_INTEGER);
  const atMs = readHttpDate(text, now);
  return atMs === null ? null : Math.max(0, atMs - now);
}

/** The instant in ms, or null; `now` says which century a year of two digits means. */
function readHttpDate(text: string, now: number): number | null {
  const fixed = fixedForm.exec(text);
  if (fixed !== null) {
    const [, day, month, year, ...time] = fixed;
    return instantOf([Number(year), month, day], time);
  }
  const shortYear = shortYearForm.exec(text);
  if (shortYear !== null) {
    const [, day, month, year, ...time] = shortYear;
    return instantOf([fullYear(Number(year), now), month, day], time);
  }
  const unix = unixForm.exec(text);
  if (unix === null) return null;
  const [, month, day, hour, minute, second, year] = unix;
  return instantOf([Number(year), month, day], [hour, minute, second]);
}

/** A year that would lie more than fifty years ahead is the one of the century before. */
function fullYear(year: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const full = thisYear - (thisYear % 100) + year;
  return full > thisYear + 50 ? full - 100 : full;
}

type DayParts = readonly [year: number, month: string | undefined, day: string | undefined];

function instantOf([year, monthName, dayText]: DayParts, time: readonly (string | undefined)[]): number | null {
  const month = monthNames.indexOf(monthName ?? "");
  const day = Number(dayText);
  const [hour = Number.NaN, minute = Number.NaN, second = Number.NaN] = time.map(Number);
  // 60 is a leap second, and the same instant as the next minute's first.
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  if (month === -1 || date.getUTCMonth() !== month || date.getUTCDate() !== day) return null;
  return date.setUTCHours(hour, minute, second);
}

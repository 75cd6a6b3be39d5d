/**
 * Dates and times of the wire: ISO 8601 in whole seconds with an explicit offset, `2018-02-02T10:30:00+05:30` (PROTOCOL B.1).
 * Instants are milliseconds since 1970; a time is written in the zone of whoever reads it.
 */
import { limits } from "../core/limits.ts";

const offsetPattern = String.raw`(?:Z|([+ -])(\d{2}):?(\d{2}))`;
const instantPattern = String.raw`(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})`;
const dateTimeForm = new RegExp(`^${instantPattern}${offsetPattern}$`);
const recordDateTimeForm = new RegExp(String.raw`^${instantPattern}(?:\.\d{1,9})?${offsetPattern}$`);
const dateForm = /^(\d{4})-(\d{2})-(\d{2})$/;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Reads a `channel_expiry`. null when it is no such time: the offset or `Z` is missing, the calendar has no such day, or it has
 * milliseconds. A space where `+` was is read as `+` (DESIGN ruling 3).
 */
export function readDateTime(text: string): number | null {
  return readForm(dateTimeForm, text);
}

/** Reads a time of a record: as `readDateTime`, but a fraction of a second is allowed and cut off. */
export function readRecordDateTime(text: string): number | null {
  return readForm(recordDateTimeForm, text);
}

/** Reads a `yyyy-MM-dd` that the calendar has; gives it back, or null. */
export function readDate(text: string): string | null {
  const match = dateForm.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  return utc({ year, month, day, hour: 0, minute: 0, second: 0 }) === null ? null : text;
}

/** Writes the instant `ms` in the IANA zone `timeZone`, with the offset that the zone had then; fractions of a second are cut off. */
export function writeDateTime(ms: number, timeZone: string): string {
  const offset = offsetAt(ms, timeZone);
  return `${new Date(ms + offset.minutes * minuteMs).toISOString().slice(0, 19)}${offset.text}`;
}

/** Whether the name is an IANA time zone that times can be written in. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch (error) {
    // Expected: a RangeError for a zone that is not in the data.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

type Parts = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
};

function readForm(form: RegExp, text: string): number | null {
  const match = form.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const local = utc({ year, month, day, hour, minute, second });
  const offsetMinutes = readOffset(match[7], Number(match[8] ?? 0), Number(match[9] ?? 0));
  return local === null || offsetMinutes === null ? null : local - offsetMinutes * minuteMs;
}

/** The offset east of UTC; null when no clock shows it. `sign` is undefined for `Z`. */
function readOffset(sign: string | undefined, hours: number, minutes: number): number | null {
  if (hours > 23 || minutes > 59) return null;
  return (sign === "-" ? -1 : 1) * (hours * 60 + minutes);
}

/** The instant of these parts read as UTC; null when the calendar or the clock has no such moment. */
function utc({ year, month, day, hour, minute, second }: Parts): number | null {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const isReal =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return isReal ? ms : null;
}

type Offset = { readonly minutes: number; readonly text: string };
type Zone = {
  readonly format: Intl.DateTimeFormat;
  /** By hours since 1970; null for an hour within which the offset changes. */
  readonly hours: Map<number, Offset | null>;
};

const utcOffset: Offset = { minutes: 0, text: "+00:00" };
const zones = new Map<string, Zone>();

/**
 * The zone's offset at the instant, in whole minutes. Asking Intl costs microseconds, so each zone remembers the hours it was asked
 * about: one whose first and last minute have the same offset has it throughout, and no zone changes its offset within a minute.
 */
function offsetAt(ms: number, timeZone: string): Offset {
  const zone = zones.get(timeZone) ?? openZone(timeZone);
  const hour = Math.floor(ms / hourMs);
  let offset = zone.hours.get(hour);
  if (offset === undefined) {
    offset = offsetOfHour(zone.format, hour * hourMs);
    if (zone.hours.size >= limits.zoneHoursKeptMax) zone.hours.clear();
    zone.hours.set(hour, offset);
  }
  return offset ?? parseOffset(zone.format.format(ms));
}

function openZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const zone = { format, hours: new Map<number, Offset | null>() };
  zones.set(timeZone, zone);
  return zone;
}

/** null: it changes on the way. */
function offsetOfHour(format: Intl.DateTimeFormat, startMs: number): Offset | null {
  const first = parseOffset(format.format(startMs));
  const last = parseOffset(format.format(startMs + hourMs - minuteMs));
  return first.text === last.text ? first : null;
}

/** Reads the `GMT-03:30` that ends a formatted time; a bare `GMT` is UTC. Offsets of before 1900 with seconds lose these. */
function parseOffset(formatted: string): Offset {
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(formatted);
  if (match === null) return utcOffset;
  const [, sign = "+", hours = "00", minutes = "00"] = match;
  return { minutes: (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)), text: `${sign}${hours}:${minutes}` };
}

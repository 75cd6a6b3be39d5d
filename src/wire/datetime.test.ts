import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { limits } from "../core/limits.ts";
import { isTimeZone, readDate, readDateTime, readRecordDateTime, writeDateTime } from "./datetime.ts";

const seedInstant = Date.UTC(2021, 4, 3, 14, 57, 17);

test("an instant is read with an offset, with Z, and with a space where + was", () => {
  for (const text of [
    "2021-05-03T20:27:17+05:30",
    "2021-05-03T20:27:17 05:30",
    "2021-05-03T20:27:17+0530",
    "2021-05-03T14:57:17Z",
    "2021-05-03T03:57:17-11:00",
  ]) {
    assert.equal(readDateTime(text), seedInstant, text);
  }
});

test("an expiry without offset, with milliseconds, or in another form is none", () => {
  for (const text of [
    "",
    "tomorrow",
    "2021-05-03",
    "2021-05-03T20:27:17",
    "2021-05-03T20:27:17.000+05:30",
    "2021-05-03T20:27:17.000Z",
    "2021-05-03 20:27:17+05:30",
    "2021-05-03T20:27+05:30",
    "2021-05-03T20:27:17+05",
    "2021-05-03T20:27:17+05:30 ",
    "+002021-05-03T20:27:17Z",
    "1620053837000",
  ]) {
    assert.equal(readDateTime(text), null, text);
  }
});

test("a moment that calendar or clock do not have is none", () => {
  for (const text of [
    "2021-02-29T00:00:00Z",
    "2021-04-31T00:00:00Z",
    "2021-13-01T00:00:00Z",
    "2021-00-10T00:00:00Z",
    "2021-01-00T00:00:00Z",
    "2021-01-01T24:00:00Z",
    "2021-01-01T00:60:00Z",
    "2021-01-01T00:00:60Z",
    "2021-01-01T00:00:00+24:00",
    "2021-01-01T00:00:00+05:60",
    "0021-01-01T00:00:00Z",
  ]) {
    assert.equal(readDateTime(text), null, text);
  }
  assert.notEqual(readDateTime("2024-02-29T23:59:59Z"), null);
});

test("a time of a record may have a fraction, which is cut off", () => {
  assert.equal(readRecordDateTime("2021-05-03T20:27:17.999+05:30"), seedInstant);
  assert.equal(readRecordDateTime("2021-05-03T14:57:17Z"), seedInstant);
  assert.equal(readRecordDateTime("2021-05-03T14:57:17.Z"), null);
});

test("a date is one that the calendar has", () => {
  assert.equal(readDate("2024-02-29"), "2024-02-29");
  for (const text of ["2023-02-29", "2023-2-1", "2023-02-01T00:00:00Z", "", "0000-01-01"]) assert.equal(readDate(text), null, text);
});

test("an instant is written in the zone, with the offset it had then, in whole seconds", () => {
  assert.equal(writeDateTime(seedInstant + 999, "Asia/Kolkata"), "2021-05-03T20:27:17+05:30");
  assert.equal(writeDateTime(seedInstant, "Pacific/Pago_Pago"), "2021-05-03T03:57:17-11:00");
  assert.equal(writeDateTime(seedInstant, "UTC"), "2021-05-03T14:57:17+00:00");
  assert.equal(writeDateTime(seedInstant, "Asia/Kathmandu"), "2021-05-03T20:42:17+05:45");
});

test("the offset changes at the second at which the zone's does, in both directions", () => {
  const spring = Date.UTC(2026, 2, 29, 1, 0, 0);
  assert.equal(writeDateTime(spring - 1, "Europe/Berlin"), "2026-03-29T01:59:59+01:00");
  assert.equal(writeDateTime(spring, "Europe/Berlin"), "2026-03-29T03:00:00+02:00");
  const autumn = Date.UTC(2026, 9, 25, 1, 0, 0);
  assert.equal(writeDateTime(autumn - 1, "Europe/Berlin"), "2026-10-25T02:59:59+02:00");
  assert.equal(writeDateTime(autumn, "Europe/Berlin"), "2026-10-25T02:00:00+01:00");
});

test("the offset changes within an hour where the zone's does", () => {
  // Monrovia went from -00:44:30 to UTC at 00:44:30 UTC, and Nepal from +05:30 to +05:45 on the half hour.
  const monrovia = Date.UTC(1972, 0, 7, 0, 44, 30);
  assert.equal(writeDateTime(monrovia - 45_000, "Africa/Monrovia").slice(-6), "-00:44");
  assert.equal(writeDateTime(monrovia + 45_000, "Africa/Monrovia"), "1972-01-07T00:45:15+00:00");
  const nepal = Date.UTC(1985, 11, 31, 18, 30, 0);
  assert.equal(writeDateTime(nepal - 1, "Asia/Kathmandu"), "1985-12-31T23:59:59+05:30");
  assert.equal(writeDateTime(nepal, "Asia/Kathmandu"), "1986-01-01T00:15:00+05:45");
});

test("a time is written the same whichever hours were asked for before, and however many", () => {
  const ask = (ms: number): string => writeDateTime(ms, "Australia/Lord_Howe");
  const instants = Array.from({ length: limits.zoneHoursKeptMax + 10 }, (_, hour) => Date.UTC(2025, 11, 31) + hour * 3_600_000);
  const first = instants.map(ask);
  assert.deepEqual(instants.map(ask), first);
  assert.deepEqual([...new Set(first.map((text) => text.slice(-6)))], ["+11:00", "+10:30"]);
});

test("two zones asked for the same minute each get their own offset", () => {
  assert.equal(writeDateTime(0, "Asia/Tokyo"), "1970-01-01T09:00:00+09:00");
  assert.equal(writeDateTime(0, "America/New_York"), "1969-12-31T19:00:00-05:00");
  assert.equal(writeDateTime(0, "Asia/Tokyo"), "1970-01-01T09:00:00+09:00");
});

test("a time zone is one that the zone data names", () => {
  assert.deepEqual(["Asia/Kolkata", "UTC", "Mars/Olympus", "", "+05:30"].map(isTimeZone), [true, true, false, false, false]);
});

test("property: what is written in any zone is read back as the same instant", () => {
  const zones = fc.constantFrom(
    "UTC",
    "Asia/Kolkata",
    "America/St_Johns",
    "Europe/Berlin",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Africa/Monrovia",
  );
  const seconds = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 });
  fc.assert(
    fc.property(seconds, zones, (second, zone) => {
      const text = writeDateTime(second * 1_000, zone);
      assert.equal(readDateTime(text), second * 1_000);
      assert.equal(readRecordDateTime(text), second * 1_000);
    }),
    { numRuns: 200 },
  );
});

test("property: no text makes the readers throw, and what they read is in whole seconds", () => {
  const almost = fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[Z+ -]\d\d:?\d\d$/);
  fc.assert(
    fc.property(fc.oneof(fc.string(), almost), (text) => {
      const ms = readRecordDateTime(text) ?? readDateTime(text) ?? 0;
      assert.equal(Math.abs(ms % 1_000), 0);
    }),
    { numRuns: 100 },
  );
});

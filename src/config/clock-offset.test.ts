import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { ManualClock } from "../../test/support/clock.ts";
import { openVirtualClock } from "./clock-offset.ts";

const base = new ManualClock(1_000_000);
let folder = "";

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "watchpost-clock-"));
});

after(() => rm(folder, { recursive: true }));

test("a folder without a clock, none yet, and no folder at all start at real time", async () => {
  for (const dataFolder of [folder, path.join(folder, "none"), null]) {
    const clock = await openVirtualClock(base, dataFolder);
    assert.equal(clock.now(), base.now());
  }
  const inMemory = await openVirtualClock(base, null);
  await inMemory.advance(5);
  assert.deepEqual(await readdir(folder), []);
});

test("the next start goes on from where the clock stood", async () => {
  const clock = await openVirtualClock(base, folder);
  await clock.advance(7 * 86_400_000);
  assert.equal((await openVirtualClock(base, folder)).now(), clock.now());
  assert.deepEqual(await readdir(folder), ["virtual-clock.json"]);
});

test("a file that says something else is named", async () => {
  for (const text of ["", "[]", '{"offset_ms":-1}', '{"offset_ms":"7d"}', '{"offset_ms":0.5}', "{"]) {
    await writeFile(path.join(folder, "virtual-clock.json"), text);
    await assert.rejects(openVirtualClock(base, folder), /virtual-clock\.json is not \{"offset_ms": milliseconds\}/, text);
  }
});

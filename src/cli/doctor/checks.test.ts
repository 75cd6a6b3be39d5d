import assert from "node:assert/strict";
import { chmodSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { TemporaryFolder } from "../../../test/support/process.ts";
import { Receiver } from "../../../test/support/receiver.ts";
import { createTargetGuard } from "../../app/target-guard.ts";
import { systemClock } from "../../config/system.ts";
import { configCheck, folderChecks } from "./local-checks.ts";
import { targetChecks } from "./target-checks.ts";

const loopback = createTargetGuard({ allowedCidrs: ["127.0.0.0/8"] });
const publicOnly = createTargetGuard({ allowedCidrs: [] });

test("a target is connected to and sent nothing, each origin once", async () => {
  await using receiver = await Receiver.start();
  const checks = await targetChecks([receiver.url("/a"), receiver.url("/b")], loopback);
  assert.deepEqual(
    checks.map(({ verdict }) => verdict),
    ["ok"],
  );
  assert.equal(receiver.received.length, 0);
});

test("a target that the guard refuses is told and not tried, also behind a name", async () => {
  await using receiver = await Receiver.start();
  for (const host of ["127.0.0.1", "localhost"]) {
    const [check] = await targetChecks([`http://${host}:${String(receiver.port)}/`], publicOnly);
    assert.equal(check?.verdict, "warn");
    assert.match(check?.detail ?? "", /not tried/);
  }
});

test("a target where nothing listens is a failure that says why", async () => {
  const [check] = await targetChecks(["http://127.0.0.1:9/hook"], loopback);
  assert.deepEqual([check?.verdict, check?.detail], ["fail", "nothing listens there"]);
});

test("a folder that others may look into is a warning, and the measurement leaves nothing behind", () => {
  using folder = new TemporaryFolder();
  chmodSync(folder.path, 0o755);
  const [open] = folderChecks(folder.path, { isNamed: true, clock: systemClock });
  assert.equal(open?.verdict, "warn");
  chmodSync(folder.path, 0o700);
  const checks = folderChecks(folder.path, { isNamed: true, clock: systemClock });
  assert.deepEqual(
    checks.map(({ name }) => name),
    ["data folder", "disk space", "disk speed"],
  );
  assert.equal(checks[0]?.verdict, "ok");
  assert.deepEqual(readdirSync(folder.path), []);
  assert.equal(folderChecks(`${folder.path}/none`, { isNamed: true, clock: systemClock })[0]?.verdict, "fail");
});

test("a variable that is wrong fails, one that no option reads is a warning, and no value is shown", () => {
  assert.equal(configCheck({ WATCHPOST_PORT: "eighty" }).verdict, "fail");
  const stray = configCheck({ WATCHPOST_PROT: "secret-value" });
  assert.equal(stray.verdict, "warn");
  assert.match(stray.detail, /WATCHPOST_PROT/);
  assert.ok(!JSON.stringify(stray).includes("secret-value"));
  assert.equal(configCheck({ WATCHPOST_ADMIN_TOKEN: "a-token-of-some-length" }).verdict, "ok");
});

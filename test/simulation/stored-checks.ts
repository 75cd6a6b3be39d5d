/** I8: what was answered is what the store has. Compares the model with the tables themselves. */
import { InvariantBroken, check } from "./invariant-broken.ts";
import type { Auditor } from "./invariants.ts";
import type { SimulatedStore } from "./simulated-store.ts";

export function checkStored(auditor: Auditor, store: SimulatedStore): void {
  checkRecords(auditor, store);
  checkChannels(auditor, store);
  checkDeliveries(auditor, store);
  checkAttempts(auditor, store);
}

function checkRecords({ model }: Auditor, store: SimulatedStore): void {
  const expected = new Map([...model.records].filter(([key]) => !key.includes(" users ")));
  for (const row of store.rows("select org, module, id, data from records where deleted_at is null")) {
    const key = `${String(row["org"])} ${String(row["module"])} ${String(row["id"])}`;
    const values = expected.get(key);
    if (values === undefined) throw new InvariantBroken("I8", `record ${key} is stored, and nobody was told so`);
    expected.delete(key);
    const { Owner: _owner, ...stored } = JSON.parse(String(row["data"])) as Record<string, unknown>;
    check(sorted(stored) === sorted(values), "I8", `record ${key} is ${sorted(stored)}, and was answered as ${sorted(values)}`);
  }
  for (const key of expected.keys()) throw new InvariantBroken("I8", `record ${key} was answered and is not stored`);
}

function checkChannels({ model }: Auditor, store: SimulatedStore): void {
  const expected = new Map(model.channels);
  for (const row of store.rows("select org, channel_id, key, state, expires_at, subscriptions from channels")) {
    const key = `${String(row["org"])} ${String(row["channel_id"])}`;
    const channel = expected.get(key);
    if (channel === undefined) throw new InvariantBroken("I8", `channel ${key} is stored, and was given up`);
    expected.delete(key);
    const stored = JSON.parse(String(row["subscriptions"])) as { module: string; operations: string[] }[];
    const isSame =
      row["state"] === channel.state &&
      row["expires_at"] === channel.expiresAt &&
      (channel.key === null || row["key"] === channel.key) &&
      stored.length === channel.watches.size &&
      stored.every(
        ({ module, operations }) => operations.toSorted().join() === [...(channel.watches.get(module)?.operations ?? [])].toSorted().join(),
      );
    check(
      isSame,
      "I8",
      `channel ${key} is ${JSON.stringify(row)}, and was answered as ${JSON.stringify({ ...channel, watches: [...channel.watches.keys()] })}`,
    );
    channel.key ??= Number(row["key"]);
  }
  for (const key of expected.keys()) throw new InvariantBroken("I8", `channel ${key} was answered and is not stored`);
}

function checkDeliveries({ ledger }: Auditor, store: SimulatedStore): void {
  const seen = new Set<number>();
  for (const row of store.rows("select id, status, claim_token, attempts from deliveries")) {
    const delivery = ledger.deliveries.get(Number(row["id"]));
    const isSame = delivery?.status === row["status"] && delivery?.token === row["claim_token"] && delivery?.attempts === row["attempts"];
    check(
      isSame,
      "I1",
      `delivery ${String(row["id"])} is stored as ${String(row["status"])}, and was last seen as ${String(delivery?.status)}`,
    );
    seen.add(Number(row["id"]));
  }
  for (const { id, isPurged } of ledger.deliveries.values()) {
    check(seen.has(id) !== isPurged, "I1", `delivery ${id} is ${isPurged ? "there" : "gone"}`);
  }
}

/** I9: the log has each attempt that was counted, and no other. */
function checkAttempts({ ledger }: Auditor, store: SimulatedStore): void {
  const logged = new Map<number, string>();
  for (const row of store.rows("select delivery_id, group_concat(number) as numbers from attempts group by delivery_id")) {
    logged.set(Number(row["delivery_id"]), String(row["numbers"]));
  }
  for (const { id, attempts, isPurged } of ledger.deliveries.values()) {
    const numbers = isPurged ? [] : Array.from({ length: attempts }, (_, index) => index + 1);
    const found = logged.get(id) ?? "";
    check(found === numbers.join(), "I9", `delivery ${id} has ${attempts} attempts, and its log has ${found === "" ? "none" : found}`);
  }
}

function sorted(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

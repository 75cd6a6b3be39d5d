/** The whole flow of CLIENTS 8, the same for every SDK: from the first token to the last delete, with the callbacks in between. */
import assert from "node:assert/strict";
import { at, textAt } from "../../support/json.ts";
import { Receiver } from "../../support/receiver.ts";
import type { Connection, SdkClient } from "./client.ts";

export type FlowOptions = Connection & { readonly zgid: string };

/** Beyond 2^53, so that a number that is rounded shows. */
const channelId = 2_542_271_027_018_545_353n;
const subscribed = "Successfully subscribed for actions-watch of the given module";

type Made = { readonly account: bigint; readonly contact: bigint; readonly deal: bigint };

/** Plays the flow; `note` hears the name of each step that is done. */
export async function playFlow(client: SdkClient, options: FlowOptions, note: (step: string) => void): Promise<void> {
  await using receiver = await Receiver.start();
  await client.initialize(options);
  assert.equal(await client.currentUserEmail(), options.email);
  note("token and current user");
  const moduleId = await client.moduleId("Deals");
  assert.equal(moduleId, BigInt(`${options.zgid}000000131`));
  note("modules");
  const fieldId = await client.fieldId("Deals", "Stage");
  assert.equal(fieldId, BigInt(`${options.zgid}000000525`));
  note("fields");
  const made = await playRecords(client, options, note);
  const condition = client.hasConditions ? { condition: { module: "Deals", moduleId, field: "Stage", fieldId } } : {};
  await playChannel(client, { made, receiver, moduleId, condition, note });
  await playRemoval(client, made);
  note("records are deleted");
}

/** Records created, read, listed, found and upserted. */
async function playRecords(client: SdkClient, { email }: FlowOptions, note: (step: string) => void): Promise<Made> {
  const name = "Initech";
  const account = await client.create("Accounts", { Account_Name: name });
  const contact = await client.create("Contacts", { Last_Name: "Gibbons", Email: email, Account_Name: { lookup: account } });
  const deal = await client.create("Deals", {
    Deal_Name: "Big one",
    Stage: { choice: "Qualification" },
    Amount: 100.5,
    Closing_Date: new Date("2030-06-30"),
    Account_Name: { lookup: account },
    Contact_Name: { lookup: contact },
  });
  note("records are created");
  const read = await client.get("Deals", deal);
  assert.ok(read !== null);
  assert.equal(read.valueOf("id"), deal);
  assert.equal(read.valueOf("Stage"), "Qualification");
  assert.equal(read.valueOf("Amount"), 100.5);
  assert.deepEqual(read.valueOf("Account_Name"), { id: account, name });
  note("a record is read");
  const { records, count } = await client.list("Deals", ["Deal_Name", "Stage", "Amount"]);
  assert.equal(records.length, count);
  assert.ok(records.some((record) => record.valueOf("id") === deal));
  note("records are listed");
  const found = await client.search("Contacts", "email", email);
  assert.deepEqual(
    found.map((record) => record.valueOf("id")),
    [contact],
  );
  const byCriteria = await client.search("Contacts", "criteria", `((Last_Name:equals:Gibbons)and(Email:equals:${email}))`);
  assert.equal(byCriteria.length, 1);
  note("records are searched");
  assert.equal(await client.update("Deals", deal, { Amount: 200 }), deal);
  note("a record is updated");
  const upserted = await client.upsert("Accounts", { Account_Name: name, Phone: "5551234" }, "Account_Name");
  assert.deepEqual(upserted, { id: account, action: "update" });
  note("a record is upserted");
  return { account, contact, deal };
}

type ChannelStep = {
  readonly made: Made;
  readonly receiver: Receiver;
  readonly moduleId: bigint;
  readonly condition: Pick<Parameters<SdkClient["enable"]>[1], "condition">;
  readonly note: (step: string) => void;
};

/** A channel from its enabling to its end, and what it is told. */
async function playChannel(
  client: SdkClient,
  { made: { deal, contact }, receiver, moduleId, condition, note }: ChannelStep,
): Promise<void> {
  const enabled = await client.enable(channelId, {
    events: ["Deals.edit", "Contacts.all"],
    notifyUrl: receiver.url("/callback?key1=val1"),
    token: "first",
    expiresAt: new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000),
    ...condition,
  });
  assert.equal(enabled.message, subscribed);
  assert.equal((enabled.details.get("events") as unknown[]).length, 2);
  note("a channel is enabled");
  assert.equal((await client.watchRows({}))?.count, 2);
  assert.equal((await client.watchRows({ channelId }))?.rows.length, 2);
  assert.deepEqual((await client.watchRows({ channelId, module: "Deals" }))?.rows, [
    { channelId: String(channelId), module: "Deals", moduleId: String(moduleId), events: ["Deals.edit"], token: "first" },
  ]);
  note("the channel is listed");
  await client.update("Deals", deal, { Stage: { choice: "Closed Won" } });
  const told = [await receiver.next(), await receiver.next()].map((callback) => callback.body);
  const body = told.find((one) => at(one, "module") === "Deals");
  const related = told.find((one) => at(one, "module") === "Contacts");
  assert.deepEqual([at(related, "ids"), at(related, "affected_fields")], [[String(contact)], []]);
  assert.deepEqual(at(body, "ids"), [String(deal)]);
  assert.deepEqual(at(body, "query_params"), { "?key1": "val1" });
  assert.deepEqual([textAt(body, "channel_id"), at(body, "token")], [String(channelId), "first"]);
  const values = client.hasConditions ? [{ record_id: String(deal), values: { Stage: "Closed Won" } }] : undefined;
  assert.deepEqual(Reflect.get(Object(body), "affected_values"), values);
  note("an update is called back, also to who watches the contact");
  const replaced = await client.replace(channelId, {
    events: ["Deals.all", "Contacts.create"],
    notifyUrl: receiver.url(),
    token: "second",
  });
  assert.equal(replaced.message, subscribed);
  note("the channel is replaced");
  const merged = await client.merge(channelId, { events: ["Deals.edit", "Contacts.create"], token: "third" });
  assert.equal(merged.message, "Successfully updated the subscribe details");
  await client.update("Deals", deal, { Amount: 300 });
  const next = await receiver.next();
  assert.equal(next.target, "/callback");
  assert.deepEqual([at(next.body, "token"), at(next.body, "affected_fields", 0, String(deal))], ["third", ["Amount"]]);
  note("the channel is changed in part");
  const removed = await client.deleteEvents(channelId, { events: ["Contacts.all"] });
  assert.equal(removed.message, "Successfully removed the subscribe details");
  assert.equal((await client.watchRows({ channelId }))?.rows.length, 1);
  note("events are disabled");
  assert.equal((await client.disable(channelId)).message, "Successfully un-subscribed from actions-watch");
  assert.equal(await client.watchRows({}), null);
  note("the channel is disabled");
  await client.update("Deals", deal, { Amount: 400 });
  assert.equal(receiver.received.length, 3);
}

async function playRemoval(client: SdkClient, { account, contact, deal }: Made): Promise<void> {
  assert.equal(await client.remove("Deals", deal), deal);
  assert.equal(await client.remove("Contacts", contact), contact);
  assert.equal(await client.remove("Accounts", account), account);
  assert.equal(await client.get("Deals", deal), null);
}

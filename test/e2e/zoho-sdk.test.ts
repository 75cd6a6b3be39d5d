/** The official SDK for v6 from npm, unmodified, runs the main job against the program. */
import assert from "node:assert/strict";
import { test } from "node:test";
import sdk from "@zohocrm/typescript-sdk-6.0";
import { at, textAt } from "../support/json.ts";
import { TemporaryFolder, startProcess } from "../support/process.ts";
import { Receiver } from "../support/receiver.ts";
import { acme, credentialsOf } from "../support/seeds.ts";

const { Notifications, Record, Modules, Fields, Users } = sdk;
const channelId = 1_000_000_068_002n;

/** Points the SDK at the server and gives it the refresh token; everything it keeps goes into the folder. */
async function initialize(baseUrl: string, folder: string): Promise<void> {
  const { clientId, clientSecret, refreshToken } = credentialsOf("acme");
  const environment = sdk.DataCenter.setEnvironment(baseUrl, `${baseUrl}/oauth/v2/token`, baseUrl);
  const token = new sdk.OAuthBuilder().clientId(clientId).clientSecret(clientSecret).refreshToken(refreshToken).build();
  const builder = new sdk.InitializeBuilder();
  const logger = new sdk.LogBuilder().level(sdk.Levels.ERROR).filePath(`${folder}/sdk.log`).build();
  await builder
    .environment(environment)
    .token(token)
    .store(new sdk.FileStore(`${folder}/tokens.txt`))
    .SDKConfig(new sdk.SDKConfigBuilder().build())
    .resourcePath(folder)
    .logger(logger)
    .initialize();
}

/** What an operation of the SDK resolves with, as far as this test reads it. */
type SdkResponse = { getStatusCode(): number; getObject(): unknown };

function objectOf<T>(response: SdkResponse, status: number, expected: abstract new (...args: never[]) => T): T {
  assert.equal(response.getStatusCode(), status);
  const object = response.getObject();
  assert.ok(object instanceof expected, `the SDK read ${String(Object(object).constructor?.name)}, not ${expected.name}`);
  return object;
}

function notification(more: {
  readonly events: string[];
  readonly notifyUrl?: string;
  readonly token?: string;
}): InstanceType<typeof Notifications.Notification> {
  const item = new Notifications.Notification();
  item.setChannelId(String(channelId));
  item.setEvents(more.events);
  if (more.notifyUrl !== undefined) item.setNotifyUrl(more.notifyUrl);
  if (more.token !== undefined) item.setToken(more.token);
  return item;
}

function watchBody(item: InstanceType<typeof Notifications.Notification>): InstanceType<typeof Notifications.BodyWrapper> {
  const body = new Notifications.BodyWrapper();
  body.setWatch([item]);
  return body;
}

/** The success in an answer of the watch API, its message and what it says of the events. */
function successOf(response: SdkResponse, status: number): { readonly message: string; readonly details: ReadonlyMap<string, unknown> } {
  const [result] = objectOf(response, status, Notifications.ActionWrapper).getWatch();
  assert.ok(result instanceof Notifications.SuccessResponse);
  return { message: result.getMessage().getValue(), details: result.getDetails() };
}

function dealBody(values: ReadonlyMap<string, unknown>): InstanceType<typeof Record.BodyWrapper> {
  const record = new Record.Record();
  for (const [name, value] of values) record.addKeyValue(name, value);
  const body = new Record.BodyWrapper();
  body.setData([record]);
  return body;
}

function recordIdOf(response: SdkResponse, status: number): bigint {
  const [result] = objectOf(response, status, Record.ActionWrapper).getData();
  assert.ok(result instanceof Record.SuccessResponse);
  return BigInt(String(result.getDetails().get("id")));
}

test("the SDK runs the whole flow", async (t) => {
  using folder = new TemporaryFolder();
  await using receiver = await Receiver.start();
  const seed = folder.file("seed.json", acme);
  const { server, ready } = await startProcess(["serve", "--data", `${folder.path}/data`, "--seed", seed, "--allow-target", "127.0.0.0/8"]);
  await using _ = server;
  await initialize(ready.baseUrl, folder.path);
  const watch = new Notifications.NotificationsOperations();
  const deals = new Record.RecordOperations("Deals");
  let module: InstanceType<typeof Modules.Modules>;
  let stageId = 0n;
  let deal = 0n;

  await t.test("token and current user", async () => {
    const parameters = new sdk.ParameterMap();
    await parameters.add(Users.GetUsersParam.TYPE, new sdk.Choice("CurrentUser"));
    const [user] = objectOf(await new Users.UsersOperations().getUsers(parameters), 200, Users.ResponseWrapper).getUsers();
    assert.equal(user?.getEmail(), "owner@acme.example");
  });

  await t.test("modules", async () => {
    const modules = objectOf(await new Modules.ModulesOperations().getModules(), 200, Modules.ResponseWrapper).getModules();
    const found = modules.find((one) => one.getAPIName() === "Deals");
    assert.ok(found !== undefined);
    module = found;
    assert.equal(module.getId(), 554023000000000131n);
  });

  await t.test("fields", async () => {
    const parameters = new sdk.ParameterMap();
    await parameters.add(Fields.GetFieldsParam.MODULE, "Deals");
    const fields = objectOf(await new Fields.FieldsOperations().getFields(parameters), 200, Fields.ResponseWrapper).getFields();
    stageId = fields.find((one) => one.getAPIName() === "Stage")?.getId() ?? 0n;
    assert.equal(stageId, 554023000000000525n);
  });

  await t.test("a record is created", async () => {
    const accounts = new Record.RecordOperations("Accounts");
    const account = new Record.Record();
    account.addKeyValue("id", recordIdOf(await accounts.createRecords(dealBody(new Map([["Account_Name", "Initech"]]))), 201));
    const values = new Map<string, unknown>([
      ["Deal_Name", "Big one"],
      ["Stage", new sdk.Choice("Qualification")],
      ["Amount", 100.5],
      ["Closing_Date", new Date("2030-06-30")],
      ["Account_Name", account],
    ]);
    deal = recordIdOf(await deals.createRecords(dealBody(values)), 201);
  });

  await t.test("the record is read back", async () => {
    const [record] = objectOf(await deals.getRecord(deal), 200, Record.ResponseWrapper).getData();
    assert.ok(record !== undefined);
    assert.equal(record.getId(), deal);
    assert.equal(record.getKeyValue("Stage").getValue(), "Qualification");
    assert.equal(record.getKeyValue("Amount"), 100.5);
    assert.equal(record.getKeyValue("Account_Name").getKeyValue("name"), "Initech");
    assert.equal(record.getCreatedBy().getName(), "Ada Owner");
  });

  await t.test("a channel is enabled, with a condition", async () => {
    const item = notification({ events: ["Deals.edit", "Contacts.all"], notifyUrl: receiver.url("/callback?key1=val1"), token: "first" });
    item.setChannelExpiry(new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000));
    item.setReturnAffectedFieldValues(true);
    const condition = new Notifications.NotificationCondition();
    condition.setType("field_selection");
    const of = new Notifications.Module();
    of.setAPIName("Deals");
    of.setId(module.getId());
    condition.setModule(of);
    const field = new Notifications.Field();
    field.setAPIName("Stage");
    field.setId(stageId);
    const criteria = new Notifications.Criteria();
    criteria.setField(field);
    condition.setFieldSelection(criteria);
    item.setNotificationCondition([condition]);
    const { message, details } = successOf(await watch.enableNotifications(watchBody(item)), 201);
    assert.equal(message, "Successfully subscribed for actions-watch of the given module");
    const events = details.get("events");
    assert.ok(Array.isArray(events) && events.length === 2);
  });

  await t.test("the channel is listed", async () => {
    const parameters = new sdk.ParameterMap();
    await parameters.add(Notifications.GetNotificationsParam.CHANNEL_ID, channelId);
    await parameters.add(Notifications.GetNotificationsParam.MODULE, "Deals");
    const listed = objectOf(await watch.getNotifications(parameters), 200, Notifications.ResponseWrapper);
    assert.equal(listed.getInfo().getCount(), 1);
    const [row] = listed.getWatch();
    assert.equal(row?.getChannelId(), String(channelId));
    assert.equal(row?.getResourceId(), 554023000000000131n);
    assert.equal(row?.getNotificationCondition()[0]?.getFieldSelection().getField().getAPIName(), "Stage");
  });

  await t.test("an update of the record is called back", async () => {
    assert.equal(recordIdOf(await deals.updateRecord(deal, dealBody(new Map([["Stage", new sdk.Choice("Closed Won")]]))), 200), deal);
    const { body } = await receiver.next();
    assert.deepEqual(at(body, "ids"), [String(deal)]);
    assert.deepEqual(at(body, "affected_values"), [{ record_id: String(deal), values: { Stage: "Closed Won" } }]);
    assert.deepEqual(at(body, "query_params"), { "?key1": "val1" });
    assert.equal(textAt(body, "channel_id"), String(channelId));
  });

  await t.test("the channel is replaced", async () => {
    const item = notification({ events: ["Deals.all", "Contacts.create"], notifyUrl: receiver.url(), token: "second" });
    const { message } = successOf(await watch.updateNotifications(watchBody(item)), 200);
    assert.equal(message, "Successfully subscribed for actions-watch of the given module");
  });

  await t.test("the channel is changed in part", async () => {
    const { message } = successOf(
      await watch.updateNotification(watchBody(notification({ events: ["Deals.edit", "Contacts.create"], token: "third" }))),
      200,
    );
    assert.equal(message, "Successfully updated the subscribe details");
    recordIdOf(await deals.updateRecord(deal, dealBody(new Map([["Amount", 200]]))), 200);
    const { body, target } = await receiver.next();
    assert.equal(target, "/callback");
    assert.deepEqual([at(body, "token"), at(body, "affected_fields", 0, String(deal))], ["third", ["Amount"]]);
    assert.ok(!Object.hasOwn(Object(body), "affected_values"));
  });

  await t.test("events are disabled", async () => {
    const item = notification({ events: ["Contacts.all"] });
    item.setDeleteevents(new sdk.Choice(true));
    const { message } = successOf(await watch.disableNotification(watchBody(item)), 200);
    assert.equal(message, "Successfully removed the subscribe details");
  });

  await t.test("the channel is disabled", async () => {
    const parameters = new sdk.ParameterMap();
    await parameters.add(Notifications.DeleteNotificationParam.CHANNEL_IDS, channelId);
    const { message } = successOf(await watch.deleteNotification(parameters), 200);
    assert.equal(message, "Successfully un-subscribed from actions-watch");
    const none = await watch.getNotifications();
    assert.equal(none.getStatusCode(), 204);
  });

  await t.test("the record is deleted", async () => {
    assert.equal(recordIdOf(await deals.deleteRecord(deal), 200), deal);
    assert.equal((await deals.getRecord(deal)).getStatusCode(), 204);
  });
});

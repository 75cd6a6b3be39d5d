/**
 * What the flow asks of an SDK, in the flow's own words, and how it is said to the SDKs of the 6.0 kind. They have no types in common, so
 * that here they have none; what comes out of them is checked where it is read.
 */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";

export type Connection = {
  readonly baseUrl: string;
  readonly folder: string;
  readonly email: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly autoRefreshFields: boolean;
};

export type ChannelOrder = {
  readonly events: readonly string[];
  readonly notifyUrl?: string;
  readonly token?: string;
  readonly expiresAt?: Date;
  /** A condition on one field, with the ids that the metadata gave; left out where the SDK has none. */
  readonly condition?: { readonly module: string; readonly moduleId: bigint; readonly field: string; readonly fieldId: bigint };
  readonly deletesEvents?: boolean;
};

export type WatchDone = { readonly message: string; readonly details: ReadonlyMap<string, unknown> };
export type WatchRow = {
  readonly channelId: string;
  readonly module: string;
  readonly moduleId: string;
  readonly events: readonly string[];
  readonly token: string | null;
};

/** A record as an SDK holds it: the keys' values, picklists and lookups unwrapped. */
export type ReadRecord = { valueOf(name: string): unknown };

export type SdkClient = {
  /** Whether channels have conditions and may ask for the affected values. */
  readonly hasConditions: boolean;
  initialize(connection: Connection): Promise<void>;
  currentUserEmail(): Promise<string>;
  moduleId(module: string): Promise<bigint>;
  fieldId(module: string, field: string): Promise<bigint>;
  create(module: string, values: Values): Promise<bigint>;
  /** null: 204. */
  get(module: string, id: bigint): Promise<ReadRecord | null>;
  list(module: string, fields: readonly string[]): Promise<{ readonly records: readonly ReadRecord[]; readonly count: number }>;
  update(module: string, id: bigint, values: Values): Promise<bigint>;
  search(module: string, by: "email" | "criteria", text: string): Promise<readonly ReadRecord[]>;
  upsert(module: string, values: Values, checkField: string): Promise<{ readonly id: bigint; readonly action: string }>;
  remove(module: string, id: bigint): Promise<bigint>;
  enable(channelId: bigint, order: ChannelOrder): Promise<WatchDone>;
  replace(channelId: bigint, order: ChannelOrder): Promise<WatchDone>;
  merge(channelId: bigint, order: ChannelOrder): Promise<WatchDone>;
  deleteEvents(channelId: bigint, order: ChannelOrder): Promise<WatchDone>;
  /** null: 204. */
  watchRows(only: { readonly channelId?: bigint; readonly module?: string }): Promise<{ rows: readonly WatchRow[]; count: number } | null>;
  disable(channelId: bigint): Promise<WatchDone>;
};

/** Texts, numbers and dates; `{ choice }` for a picklist, `{ lookup }` for an id. */
export type Values = Readonly<Record<string, string | number | Date | { readonly choice: string } | { readonly lookup: bigint }>>;

/** Where SDKs differ in names and types; `sdk` is the package as it comes. */
export type SdkShape = {
  readonly sdk: Sdk;
  readonly records: Sdk;
  readonly hasConditions: boolean;
  /** What builds an initialization; the early SDKs ask for the user at once. */
  readonly initializer: (connection: Connection) => Sdk;
  /** Arguments for an operation on the records of a module: the early SDKs name the module in each call. */
  readonly operationsOf: (module: string) => RecordOperations;
  readonly fieldOperations: (module: string) => () => Promise<Sdk>;
  readonly watch: {
    readonly list: (parameters?: Sdk) => Promise<Sdk>;
    readonly ListParam: Sdk;
    readonly disable: (parameters: Sdk) => Promise<Sdk>;
    readonly channelIdsParam: Sdk;
    readonly operations: Sdk;
  };
  readonly channelIdInBody: (id: bigint) => unknown;
  readonly channelIdsInQuery: (id: bigint) => unknown;
  readonly setDeletesEvents: (item: Sdk) => void;
};

type RecordOperations = {
  create(body: Sdk): Promise<Sdk>;
  get(id: bigint): Promise<Sdk>;
  list(parameters: Sdk): Promise<Sdk>;
  update(id: bigint, body: Sdk): Promise<Sdk>;
  search(parameters: Sdk): Promise<Sdk>;
  upsert(body: Sdk): Promise<Sdk>;
  remove(id: bigint): Promise<Sdk>;
};

/** Whatever an SDK exports or gives back. */
export type Sdk = ReturnType<NodeJS.Require>;

export function createSdkClient(shape: SdkShape): SdkClient {
  const { sdk, records, watch } = shape;

  async function initialize(connection: Connection): Promise<void> {
    const { baseUrl, folder } = connection;
    const { clientId, clientSecret, refreshToken } = connection;
    const token = new sdk.OAuthBuilder().clientId(clientId).clientSecret(clientSecret).refreshToken(refreshToken).build();
    await shape
      .initializer(connection)
      .environment(sdk.DataCenter.setEnvironment(baseUrl, `${baseUrl}/oauth/v2/token`, baseUrl, "own"))
      .token(token)
      .store(new sdk.FileStore(`${folder}/tokens.txt`))
      .SDKConfig(new sdk.SDKConfigBuilder().autoRefreshFields(connection.autoRefreshFields).build())
      .resourcePath(folder)
      .logger(new sdk.LogBuilder().level(sdk.Levels.ERROR).filePath(`${folder}/sdk.log`).build())
      .initialize();
    // The early SDKs resolve before they have done what they were asked.
    for (let turn = 0; turn < 100 && (await sdk.Initializer.getInitializer()) === undefined; turn += 1) await setImmediate();
  }

  async function parametersOf(...pairs: readonly (readonly [parameter: Sdk, value: unknown])[]): Promise<Sdk> {
    const parameters = new sdk.ParameterMap();
    for (const [parameter, value] of pairs) await parameters.add(parameter, value);
    return parameters;
  }

  function bodyOf(values: Values): Sdk {
    const record = new records.Record();
    for (const [name, value] of Object.entries(values)) record.addKeyValue(name, wrapped(value));
    const body = new records.BodyWrapper();
    body.setData([record]);
    return body;
  }

  function wrapped(value: Values[string]): unknown {
    if (typeof value !== "object" || value instanceof Date) return value;
    if ("choice" in value) return new sdk.Choice(value.choice);
    const record = new records.Record();
    record.addKeyValue("id", value.lookup);
    return record;
  }

  function writtenOf(response: Sdk, status: number): Sdk {
    const [result] = objectOf(response, status, records.ActionWrapper).getData();
    assert.ok(result instanceof records.SuccessResponse, `the SDK read ${nameOf(result)}`);
    return result;
  }

  function idOf(response: Sdk, status: number): bigint {
    return BigInt(String(writtenOf(response, status).getDetails().get("id")));
  }

  function readRecords(response: Sdk): readonly ReadRecord[] {
    return objectOf(response, 200, records.ResponseWrapper)
      .getData()
      .map((record: Sdk) => ({ valueOf: (name: string) => unwrapped(record.getKeyValue(name)) }));
  }

  function unwrapped(value: unknown): unknown {
    if (value instanceof sdk.Choice) return (value as Sdk).getValue();
    return value instanceof records.Record ? { id: (value as Sdk).getId(), name: (value as Sdk).getKeyValue("name") } : value;
  }

  function watchBody(channelId: bigint, order: ChannelOrder): Sdk {
    const item = new sdk.Notifications.Notification();
    item.setChannelId(shape.channelIdInBody(channelId));
    item.setEvents([...order.events]);
    if (order.notifyUrl !== undefined) item.setNotifyUrl(order.notifyUrl);
    if (order.token !== undefined) item.setToken(order.token);
    if (order.expiresAt !== undefined) item.setChannelExpiry(order.expiresAt);
    if (order.deletesEvents === true) shape.setDeletesEvents(item);
    if (order.condition !== undefined) {
      item.setReturnAffectedFieldValues(true);
      item.setNotificationCondition([conditionOf(order.condition)]);
    }
    const body = new sdk.Notifications.BodyWrapper();
    body.setWatch([item]);
    return body;
  }

  function conditionOf(order: NonNullable<ChannelOrder["condition"]>): Sdk {
    const { NotificationCondition, Module, Field, Criteria } = sdk.Notifications;
    const module = new Module();
    module.setAPIName(order.module);
    module.setId(order.moduleId);
    const field = new Field();
    field.setAPIName(order.field);
    field.setId(order.fieldId);
    const criteria = new Criteria();
    criteria.setField(field);
    const condition = new NotificationCondition();
    condition.setType("field_selection");
    condition.setModule(module);
    condition.setFieldSelection(criteria);
    return condition;
  }

  function doneOf(response: Sdk, status: number): WatchDone {
    const [result] = objectOf(response, status, sdk.Notifications.ActionWrapper).getWatch();
    assert.ok(result instanceof sdk.Notifications.SuccessResponse, `the SDK read ${nameOf(result)}`);
    const success: Sdk = result;
    return { message: success.getMessage().getValue(), details: success.getDetails() };
  }

  const { GetRecordsParam, SearchRecordsParam } = records;
  return {
    hasConditions: shape.hasConditions,
    initialize,
    async currentUserEmail() {
      const isChoice = shape.hasConditions;
      const type = isChoice ? new sdk.Choice("CurrentUser") : "CurrentUser";
      const response = await new sdk.Users.UsersOperations().getUsers(await parametersOf([sdk.Users.GetUsersParam.TYPE, type]));
      return objectOf(response, 200, sdk.Users.ResponseWrapper).getUsers()[0].getEmail();
    },
    async moduleId(module) {
      const response = await new sdk.Modules.ModulesOperations().getModules();
      const found = objectOf(response, 200, sdk.Modules.ResponseWrapper).getModules();
      return found.find((one: Sdk) => one.getAPIName() === module).getId();
    },
    async fieldId(module, field) {
      const response = await shape.fieldOperations(module)();
      const found = objectOf(response, 200, sdk.Fields.ResponseWrapper).getFields();
      return found.find((one: Sdk) => one.getAPIName() === field).getId();
    },
    create: async (module, values) => idOf(await shape.operationsOf(module).create(bodyOf(values)), 201),
    async get(module, id) {
      const response = await shape.operationsOf(module).get(id);
      return response.getStatusCode() === 204 ? null : (readRecords(response)[0] ?? null);
    },
    async list(module, fields) {
      const isChoice = shape.hasConditions;
      const response = await shape
        .operationsOf(module)
        .list(
          await parametersOf(
            [GetRecordsParam.FIELDS, fields.join(",")],
            [GetRecordsParam.PAGE, 1],
            [GetRecordsParam.PER_PAGE, 200],
            [GetRecordsParam.SORT_BY, "id"],
            [GetRecordsParam.SORT_ORDER, isChoice ? new sdk.Choice("desc") : "desc"],
          ),
        );
      return { records: readRecords(response), count: response.getObject().getInfo().getCount() };
    },
    update: async (module, id, values) => idOf(await shape.operationsOf(module).update(id, bodyOf(values)), 200),
    async search(module, by, text) {
      const parameter = by === "email" ? SearchRecordsParam.EMAIL : SearchRecordsParam.CRITERIA;
      return readRecords(await shape.operationsOf(module).search(await parametersOf([parameter, text])));
    },
    async upsert(module, values, checkField) {
      const body = bodyOf(values);
      body.setDuplicateCheckFields([checkField]);
      const done = writtenOf(await shape.operationsOf(module).upsert(body), 200);
      return { id: BigInt(String(done.getDetails().get("id"))), action: done.getAction().getValue() };
    },
    remove: async (module, id) => idOf(await shape.operationsOf(module).remove(id), 200),
    enable: async (id, order) => doneOf(await watch.operations.enableNotifications(watchBody(id, order)), 201),
    replace: async (id, order) => doneOf(await watch.operations.updateNotifications(watchBody(id, order)), 200),
    merge: async (id, order) => doneOf(await watch.operations.updateNotification(watchBody(id, order)), 200),
    deleteEvents: async (id, order) =>
      doneOf(await watch.operations.disableNotification(watchBody(id, { ...order, deletesEvents: true })), 200),
    async watchRows({ channelId, module }) {
      const response = await watch.list(
        await parametersOf(
          ...(channelId === undefined ? [[watch.ListParam.PAGE, 1] as const, [watch.ListParam.PER_PAGE, 200] as const] : []),
          ...(channelId === undefined ? [] : [[watch.ListParam.CHANNEL_ID, channelId] as const]),
          ...(module === undefined ? [] : [[watch.ListParam.MODULE, module] as const]),
        ),
      );
      if (response.getStatusCode() === 204) return null;
      const listed = objectOf(response, 200, sdk.Notifications.ResponseWrapper);
      return { rows: listed.getWatch().map(readRow), count: listed.getInfo().getCount() };
    },
    disable: async (id) => doneOf(await watch.disable(await parametersOf([watch.channelIdsParam, shape.channelIdsInQuery(id)])), 200),
  };
}

function readRow(row: Sdk): WatchRow {
  return {
    channelId: String(row.getChannelId()),
    module: row.getResourceName(),
    moduleId: String(row.getResourceId()),
    events: row.getEvents(),
    token: row.getToken() ?? null,
  };
}

/** What an operation resolved with, of the class that the SDK should have read. */
function objectOf(response: Sdk, status: number, expected: Sdk): Sdk {
  assert.ok(response !== null && response !== undefined, "the SDK gave no response");
  const object = response.getObject();
  assert.equal(response.getStatusCode(), status, nameOf(object));
  assert.ok(object instanceof expected, `the SDK read ${nameOf(object)}`);
  return object;
}

/** The class of what an SDK read, and of an exception its code. */
function nameOf(object: Sdk): string {
  const name = object?.constructor?.name ?? String(object);
  return name === "APIException"
    ? `${name} ${object.getCode().getValue()} ${object.getMessage()?.getValue?.() ?? object.getMessage()}`
    : name;
}

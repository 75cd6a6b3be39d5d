/** typescript-sdk-2.1: modules are named in each call, channels have numbers, and there are no conditions. */
import typed from "@zohocrm/typescript-sdk-2.1";
import { createSdkClient } from "./client.ts";
import type { Sdk, SdkClient } from "./client.ts";

export function openSdk(): SdkClient {
  const sdk: Sdk = typed;
  const records = new sdk.Records.RecordOperations();
  const watch = new sdk.Notifications.NotificationOperations();
  return createSdkClient({
    sdk,
    records: sdk.Records,
    hasConditions: false,
    initializer: ({ email }) => new sdk.InitializeBuilder().user(new sdk.UserSignature(email)),
    operationsOf: (module) => ({
      create: (body) => records.createRecords(module, body),
      get: (id) => records.getRecord(id, module),
      list: (parameters) => records.getRecords(module, parameters),
      update: (id, body) => records.updateRecord(id, module, body),
      search: (parameters) => records.searchRecords(module, parameters),
      upsert: (body) => records.upsertRecords(module, body),
      remove: (id) => records.deleteRecord(id, module),
    }),
    fieldOperations: (module) => () => new sdk.Fields.FieldsOperations(module).getFields(),
    watch: {
      operations: watch,
      list: (parameters) => watch.getNotificationDetails(parameters),
      ListParam: sdk.Notifications.GetNotificationDetailsParam,
      disable: (parameters) => watch.disableNotifications(parameters),
      channelIdsParam: sdk.Notifications.DisableNotificationsParam.CHANNEL_IDS,
    },
    channelIdInBody: (id) => id,
    channelIdsInQuery: (id) => id,
    setDeletesEvents: (item) => item.setDeleteevents(true),
  });
}

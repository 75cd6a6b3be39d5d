/** What the SDKs from 6.0 on have in common: operations are made for a module. */
import type { Sdk, SdkShape } from "./client.ts";

export function laterShape(sdk: Sdk): Omit<SdkShape, "channelIdsInQuery" | "setDeletesEvents"> {
  const watch = new sdk.Notifications.NotificationsOperations();
  return {
    sdk,
    records: sdk.Record,
    hasConditions: true,
    initializer: () => new sdk.InitializeBuilder(),
    operationsOf(module) {
      const records = new sdk.Record.RecordOperations(module);
      return {
        create: (body) => records.createRecords(body),
        get: (id) => records.getRecord(id),
        list: (parameters) => records.getRecords(parameters),
        update: (id, body) => records.updateRecord(id, body),
        search: (parameters) => records.searchRecords(parameters),
        upsert: (body) => records.upsertRecords(body),
        remove: (id) => records.deleteRecord(id),
      };
    },
    fieldOperations: (module) => async () => {
      const parameters = new sdk.ParameterMap();
      await parameters.add(sdk.Fields.GetFieldsParam.MODULE, module);
      return new sdk.Fields.FieldsOperations().getFields(parameters);
    },
    watch: {
      operations: watch,
      list: (parameters) => watch.getNotifications(parameters),
      ListParam: sdk.Notifications.GetNotificationsParam,
      disable: (parameters) => watch.deleteNotification(parameters),
      channelIdsParam: sdk.Notifications.DeleteNotificationParam.CHANNEL_IDS,
    },
    channelIdInBody: String,
  };
}

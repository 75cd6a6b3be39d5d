/** The body by which the demo subscribes: the sample input of the v6 documentation (v6 seed), with the ids of this org. */

export type WatchIds = {
  readonly module: string;
  readonly stage: string;
  readonly accountName: string;
  readonly leadSource: string;
};

export const channelId = "1000000068002";
export const channelToken = "deals.all.notif";

/** The query of the sample's notify_url, its space included. */
export const notifyQuery = "?authorization=Zoho-oauthtoken 1000.23dnsbbbh455jnn&key1=val1&key2=val2";
/** The same parameters as the callback's body names them. */
export const notifyParams: Readonly<Record<string, string>> = {
  key1: "val1",
  key2: "val2",
  "?authorization": "Zoho-oauthtoken 1000.23dnsbbbh455jnn",
};

export function watchBody(ids: WatchIds, notifyUrl: string): object {
  return {
    watch: [
      {
        channel_id: channelId,
        events: ["Deals.edit"],
        notification_condition: [
          {
            type: "field_selection",
            module: { api_name: "Deals", id: ids.module },
            field_selection: {
              group_operator: "or",
              group: [
                { field: { api_name: "Stage", id: ids.stage } },
                {
                  group_operator: "and",
                  group: [
                    { field: { api_name: "Account_Name", id: ids.accountName } },
                    { field: { api_name: "Lead_Source", id: ids.leadSource } },
                  ],
                },
              ],
            },
          },
        ],
        channel_expiry: "2025-12-31T09:58:09+05:30",
        token: channelToken,
        return_affected_field_values: true,
        notify_url: notifyUrl,
      },
    ],
  };
}

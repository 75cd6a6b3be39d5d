/** The request that makes a channel like this one, ready to be pasted: for a shell, for any JavaScript runtime, for the official SDK. */
import type { Channel, Subscription } from "../api/channels.ts";
import type { ConditionNode } from "../api/condition.ts";
import { conditionSentence } from "../api/condition.ts";
import { curlOf } from "./curl.ts";

const watchPath = "/crm/v8/actions/watch";
/** The channel's token is its client's secret and is not known here; its place is marked. */
const tokenPlace = "YOUR_TOKEN";

export function curlOfChannel(channel: Channel, origin: string): string {
  const headers = { Authorization: "Zoho-oauthtoken ACCESS_TOKEN", "Content-Type": "application/json" };
  return curlOf({ url: origin + watchPath, headers, body: watchBody(channel) });
}

export function scriptOfChannel(channel: Channel, origin: string): string {
  return `const answer = await fetch(${JSON.stringify(origin + watchPath)}, {
  method: "POST",
  headers: { authorization: \`Zoho-oauthtoken \${accessToken}\`, "content-type": "application/json" },
  body: JSON.stringify(${watchBody(channel).replaceAll("\n", "\n  ")}),
});
console.log(answer.status, await answer.text());
`;
}

export function sdkOfChannel(channel: Channel): string {
  const conditions = channel.subscriptions.flatMap(({ module, condition }) =>
    condition === null ? [] : [`${module}: ${conditionSentence(condition)}`],
  );
  return `import zoho from "@zohocrm/typescript-sdk-8.0";

const { BodyWrapper, Notification, NotificationsOperations } = zoho.Notifications;
const channel = new Notification();
channel.setChannelId(${JSON.stringify(channel.channel_id)});
channel.setNotifyUrl(${JSON.stringify(channel.notify_url)});
channel.setEvents(${JSON.stringify(eventsOf(channel))});
channel.setChannelExpiry(new Date(Date.now() + 24 * 60 * 60 * 1000));
${channel.has_token ? `channel.setToken("${tokenPlace}");\n` : ""}${conditions.map((condition) => `// Has a condition, set by setNotificationCondition(). ${condition}\n`).join("")}
const body = new BodyWrapper();
body.setWatch([channel]);
const answer = await new NotificationsOperations().enableNotifications(body);
console.log(answer?.getStatusCode());
`;
}

const eventWords = { insert: "create", update: "edit", delete: "delete" } as const;

function eventsOf(channel: Channel): readonly string[] {
  return channel.subscriptions.flatMap(({ module, operations }) =>
    operations.length === Object.keys(eventWords).length
      ? [`${module}.all`]
      : operations.map((operation) => `${module}.${eventWords[operation]}`),
  );
}

function watchBody(channel: Channel): string {
  const conditions = channel.subscriptions.flatMap(conditionOf);
  const item = {
    channel_id: channel.channel_id,
    events: eventsOf(channel),
    // The wire takes whole seconds.
    channel_expiry: channel.expires_at.replace(/(?:\.\d+)?Z$/, "+00:00"),
    ...(channel.has_token ? { token: tokenPlace } : {}),
    notify_url: channel.notify_url,
    ...(conditions.length === 0 ? {} : { notification_condition: conditions }),
    ...(channel.returns_values ? { return_affected_field_values: true } : {}),
    ...(channel.notifies_related ? {} : { notify_on_related_action: false }),
  };
  return JSON.stringify({ watch: [item] }, null, 2);
}

function conditionOf({ module, condition }: Subscription) {
  return condition === null ? [] : [{ type: "field_selection", module: { api_name: module }, field_selection: selectionOf(condition) }];
}

type Selection =
  { readonly field: { readonly api_name: string } } | { readonly group_operator: string; readonly group: readonly Selection[] };

function selectionOf(node: ConditionNode): Selection {
  if (node.kind === "field") return { field: { api_name: node.field } };
  return { group_operator: node.operator, group: node.members.map(selectionOf) };
}

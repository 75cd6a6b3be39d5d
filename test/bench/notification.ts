/** What the ceilings and the peers send: a notification as the server makes it, of an edit of one field. */
import { callbackBody, callbackHeaders, writeAffectedFields, writeRecordIds } from "../../src/wire/callback.ts";
import { Signer } from "../../src/dispatch/signature.ts";

const recordId = "554023000100000001";
const committedAt = 1_750_000_000_000;
const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;

/** Its body and its headers, the signature among them. */
export function sampleNotification(notifyUrl: string): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const body = callbackBody(
    {
      channelId: "1",
      notifyUrl,
      token: null,
      module: "Leads",
      operation: "update",
      recordIds: writeRecordIds([recordId]),
      affectedFields: writeAffectedFields([{ recordId, fields: ["Description"] }]),
      affectedValues: null,
    },
    { serverTime: committedAt, baseUrl: "http://crm.example" },
  );
  const headers = callbackHeaders({ notificationId: committedAt * 1_000, version: "0", isReplay: false, isTest: false });
  const signed = { id: headers["webhook-id"] ?? "", now: committedAt, body: Buffer.from(body), secret, previousSecret: null };
  return { body, headers: { ...headers, ...new Signer(1).headers(signed) } };
}

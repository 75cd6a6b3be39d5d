/** `latest` in place of an id: the newest of its kind, so that nobody has to copy a number to look at what just happened. */
import { Complaint } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import type { AdminClient } from "../remote/admin-client.ts";
import { textAt } from "../remote/json-values.ts";

export const latest = "latest";

/** The id that was given, or that of the newest row of the list. */
export async function idOrLatest(client: AdminClient, given: string, kind: "deliveries" | "changes" | "replays"): Promise<string> {
  if (given !== latest) return given;
  const { rows } = await client.list(`/api/v1/${kind}`, { key: kind, limit: 1 });
  const id = textAt(rows[0], "id");
  if (id === null) throw new Complaint(exitCodes.notFound, `there are no ${kind} on ${client.url} yet`);
  return id;
}

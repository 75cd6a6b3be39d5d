/** What `listen` prints: `-->` is what came from the server, `<--` what the receiver answered. */
import { plainText } from "../print/plain-text.ts";
import { listAt, objectAt, shown, textAt } from "../remote/json-values.ts";
import type { Style } from "../terminal.ts";
import type { SignatureVerdict } from "./signature-check.ts";

export type Heard = {
  /** In ms. */
  readonly at: number;
  readonly webhookId: string | null;
  /** The parsed body; null: it is no JSON. */
  readonly body: unknown;
  readonly signature: SignatureVerdict;
  readonly isTokenRight: boolean;
};

export type Answered = {
  /** Who answered. */
  readonly url: string;
  readonly status: number;
  readonly tookMs: number;
  /** Why the receiver could not be asked; null: it could. */
  readonly fault: string | null;
};

type Paint = (style: Style, text: string) => string;

const eventWords: Readonly<Record<string, string>> = { insert: "create", update: "edit", delete: "delete" };

export function heardLine({ at, webhookId, body, signature, isTokenRight }: Heard, style: Paint): string {
  const operation = textAt(body, "operation") ?? "?";
  const event = `${textAt(body, "module") ?? "?"}.${eventWords[operation] ?? operation}`;
  const records = listAt(body, "ids").map(String).join(" ");
  const fields = fieldsOf(body);
  const faults = [...(signature === "ok" ? [] : [`signature ${signature}`]), ...(isTokenRight ? [] : ["token wrong"])];
  const parts = [
    style("bold", plainText(event)),
    plainText(records),
    ...(fields === "" ? [] : [plainText(fields)]),
    style("dim", `[${plainText(webhookId ?? "no id")}]`),
    ...faults.map((fault) => style("red", fault)),
  ];
  return `${timeOf(at)}  ${style("cyan", "-->")} ${parts.join("  ")}`;
}

export function answeredLine(at: number, { url, status, tookMs, fault }: Answered, style: Paint): string {
  const isGood = status >= 200 && status < 300;
  const verdict = style(isGood ? "green" : "red", fault === null ? `[${String(status)}]` : "[ERR]");
  const why = fault === null ? "" : `  ${style("red", plainText(fault))}`;
  return `${timeOf(at)}  ${style("cyan", "<--")} ${verdict} POST ${plainText(url)}  ${style("dim", `${String(tookMs)} ms`)}${why}`;
}

/** Both as one object for `--json`. */
export function notificationJson(heard: Heard, answered: Answered): object {
  return {
    at: new Date(heard.at).toISOString(),
    webhook_id: heard.webhookId,
    signature: heard.signature,
    token: heard.isTokenRight ? "ok" : "wrong",
    answer: { url: answered.url, status: answered.status, duration_ms: answered.tookMs, error: answered.fault },
    body: heard.body,
  };
}

/** The fields that changed, each once, with their new values where the notification has them. */
function fieldsOf(body: unknown): string {
  const values = Object.assign({}, ...listAt(body, "affected_values").map((item) => objectAt(item, "values"))) as Readonly<
    Record<string, unknown>
  >;
  const names = listAt(body, "affected_fields").flatMap((item) => Object.values(objectAt(item)).flat());
  const unique = [...new Set(names.map(String))];
  return unique.map((name) => (Object.hasOwn(values, name) ? `${name}=${shown(values[name])}` : name)).join(" ");
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

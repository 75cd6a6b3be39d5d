/** What of the real API is answered with NOT_SUPPORTED. */
import type { Description, Descriptions } from "./description.ts";

/** No route of these has an answer of its own. */
function leftOut(id: string, summary: string): Description {
  return { id, tag: "Left out", summary, answers: {} };
}

function each<const M extends string>(methods: readonly M[], id: string, summary: string): Readonly<Record<M, Description>>;
function each(methods: readonly string[], id: string, summary: string): Readonly<Record<string, Description>> {
  return Object.fromEntries(methods.map((method) => [method, leftOut(`${id}${method}`, summary)]));
}

export const leftOutDescriptions = {
  "/crm/:version/coql": each(["POST"], "coql", "A query in COQL"),
  "/crm/:version/__composite_requests": each(["POST"], "composite", "Several requests in one"),
  "/crm/:version/files": each(["GET", "POST"], "files", "Files"),
  "/crm/:version/:module/actions/:action": each(
    ["GET", "POST", "PUT", "DELETE"],
    "moduleAction",
    "Actions on a module, such as mass_update",
  ),
  "/crm/:version/:module/:id/actions/:action": each(
    ["GET", "POST", "PUT", "DELETE"],
    "recordAction",
    "Actions on a record, such as convert",
  ),
  "/crm/:version/:module/:id/photo": each(["GET", "POST", "DELETE"], "photo", "The photo of a record"),
  "/crm/bulk/:version/:job": each(["POST"], "makeBulkJob", "A bulk job"),
  "/crm/bulk/:version/:job/:id": each(["GET"], "showBulkJob", "The state of a bulk job"),
  "/crm/bulk/:version/:job/:id/result": each(["GET"], "bulkResult", "The result of a bulk job"),
} satisfies Descriptions;

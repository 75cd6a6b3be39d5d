/** `watchpost records …`, also called `trigger`: records made, changed and deleted over the CRM API, as a client of the org would. */
import { Complaint, usageFault } from "../complaint.ts";
import { exitCodes } from "../command.ts";
import { answer, answerList, answerOne } from "../print/output.ts";
import type { Column } from "../print/table.ts";
import { adminClient } from "../remote/admin-client.ts";
import type { CrmClient, CrmRequest } from "../remote/crm-client.ts";
import { crmClient, itemsOf } from "../remote/crm-client.ts";
import type { JsonObject } from "../remote/exchange.ts";
import { cellAt, objectAt, shown, textAt, valueAt } from "../remote/json-values.ts";
import type { Call, CommandSpec, GroupSpec, OptionSpec } from "../tree/command-spec.ts";
import { argumentAt, flagList, flagText, flagTexts, pathPart } from "../tree/read-values.ts";
import { limitOf, limitOption } from "./options.ts";
import { readAssignment, recordOf } from "./record-values.ts";
import { ofOrgOption, userOption } from "./tokens.ts";

const moduleArgument = { name: "module", help: "The module's API name, such as Deals." };
const idArgument = { name: "id", help: "The record's id." };
const actsAs: readonly OptionSpec[] = [ofOrgOption, userOption];
const setOption: OptionSpec = {
  flag: "--set",
  placeholder: "<Field=value>",
  help: "A field by its API name, and its value; may be given several times.",
  isRepeated: true,
};
const rowsPerPageMax = 200;
const columnsShown = 5;

const valuesNote =
  "Values are read by the field's type: numbers and true or false where it takes them, an id for a lookup, entries split at `;` for a list of choices, JSON in brackets for anything else. `Field=` clears the field.";

const create: CommandSpec = {
  name: "create",
  summary: "Make a record, and so trigger what is subscribed to `create`.",
  details: [valuesNote],
  arguments: [moduleArgument],
  options: [setOption, ...actsAs],
  connects: true,
  examples: [
    { line: 'watchpost records create Deals --set Deal_Name="New deal" --set Stage=Qualification --set Amount=1200', says: "A deal." },
    { line: "watchpost records create Leads --set Last_Name=Walker --json", says: "A lead, and what the CRM API answered." },
  ],
  run: async (call) => write(call, { method: "POST", id: null }),
};

const edit: CommandSpec = {
  name: "edit",
  summary: "Change fields of a record, and so trigger what is subscribed to `edit`.",
  details: [valuesNote],
  arguments: [moduleArgument, idArgument],
  options: [setOption, ...actsAs],
  connects: true,
  examples: [
    {
      line: "watchpost trigger edit Deals 554023000100000005 --set Stage=Negotiation/Review",
      says: "Another stage, under the command's other name.",
    },
  ],
  run: async (call) => write(call, { method: "PUT", id: argumentAt(call, 1) }),
};

const remove: CommandSpec = {
  name: "delete",
  summary: "Delete a record, and so trigger what is subscribed to `delete`.",
  details: [],
  arguments: [moduleArgument, idArgument],
  options: actsAs,
  connects: true,
  examples: [{ line: "watchpost records delete Leads 554023000100000008", says: "A lead of the sample org." }],
  async run(call) {
    const [module, id] = [argumentAt(call, 0), argumentAt(call, 1)];
    const crm = await clientOf(call);
    const answered = await ask(crm, { module, id }, { method: "DELETE", path: `/${pathPart(module)}/${pathPart(id)}` });
    answer(call, answered, () => [`Deleted ${module} ${id}.`]);
    return exitCodes.good;
  },
};

const list: CommandSpec = {
  name: "list",
  summary: "Records of a module.",
  details: ["Shown are the fields that --fields names, else those that a record must have, and when it was changed."],
  arguments: [moduleArgument],
  options: [{ flag: "--fields", placeholder: "<names>", help: "Fields by their API names, separated by commas." }, limitOption, ...actsAs],
  connects: true,
  examples: [{ line: "watchpost records list Deals --fields Deal_Name,Stage,Amount", says: "The deals." }],
  async run(call) {
    const module = argumentAt(call, 0);
    const crm = await clientOf(call);
    const given = flagList(call, "--fields");
    const fields =
      given.length > 0 ? given : [...(await fieldsOf(crm, module)).filter(isMandatory).map(nameOf).slice(0, columnsShown), "Modified_Time"];
    const rows = await pagesOf(crm, { module, fields, limit: limitOf(call) });
    const columns: readonly Column<JsonObject>[] = [
      { title: "ID", of: (row) => cellAt(row, "id") },
      ...fields.map((field) => ({ title: field, of: (row: JsonObject) => valueText(row[field]), mayBeCut: true, mayBeLeftOut: true })),
    ];
    answerList(call, { key: "data", rows, nextCursor: null, columns, nothing: `There are no records of ${module}.` });
    return exitCodes.good;
  },
};

const show: CommandSpec = {
  name: "show",
  summary: "One record with the fields that have a value.",
  details: [],
  arguments: [moduleArgument, idArgument],
  options: actsAs,
  connects: true,
  examples: [{ line: "watchpost records show Deals 554023000100000005", says: "A deal of the sample org." }],
  async run(call) {
    const [module, id] = [argumentAt(call, 0), argumentAt(call, 1)];
    const crm = await clientOf(call);
    const answered = await ask(crm, { module, id }, { method: "GET", path: `/${pathPart(module)}/${pathPart(id)}` });
    const record = itemsOf({ status: 200, body: answered, serverNow: null }, "data")[0] ?? {};
    const pairs = Object.entries(record).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0));
    answerOne(
      call,
      record,
      pairs.map(([name, value]) => [name, valueText(value)]),
    );
    return exitCodes.good;
  },
};

export const records: GroupSpec = {
  name: "records",
  aliases: ["trigger"],
  summary: "Records: list, show, make, change, delete; each change triggers what is subscribed to it.",
  commands: [create, edit, remove, list, show],
};

async function clientOf(call: Call): Promise<CrmClient> {
  return crmClient(adminClient(call.connection), { org: flagText(call, "--org"), email: flagText(call, "--user") });
}

async function write(call: Call, { method, id }: { readonly method: "POST" | "PUT"; readonly id: string | null }): Promise<number> {
  const module = argumentAt(call, 0);
  const assignments = flagTexts(call, "--set").map(readAssignment);
  if (assignments.length === 0) throw usageFault("--set must be given: the fields and their values");
  const crm = await clientOf(call);
  const types = new Map((await fieldsOf(crm, module)).map((field) => [nameOf(field), textAt(field, "data_type") ?? ""]));
  const path = `/${pathPart(module)}${id === null ? "" : `/${pathPart(id)}`}`;
  const answered = await ask(crm, { module, id }, { method, path, body: { data: [recordOf(assignments, types)] } });
  const written = textAt(valueAt(answered, "data", 0, "details"), "id") ?? id ?? "";
  answer(call, answered, () => [`${id === null ? "Made" : "Changed"} ${module} ${written}.`]);
  return exitCodes.good;
}

type Named = { readonly module: string; readonly id: string | null };

/** The answer's body; complains of a refusal, and of a record that is not there. */
async function ask(crm: CrmClient, { module, id }: Named, request: CrmRequest): Promise<JsonObject> {
  const answered = await crm.send(request);
  if (answered.status === 204) throw new Complaint(exitCodes.notFound, `there is no record ${id ?? ""} in ${module}`);
  itemsOf(answered, "data");
  return answered.body;
}

async function fieldsOf(crm: CrmClient, module: string): Promise<readonly JsonObject[]> {
  return itemsOf(await crm.send({ method: "GET", path: `/settings/fields?module=${pathPart(module)}` }), "fields");
}

function nameOf(field: JsonObject): string {
  return textAt(field, "api_name") ?? "";
}

function isMandatory(field: JsonObject): boolean {
  return valueAt(field, "system_mandatory") === true;
}

type Wanted = { readonly module: string; readonly fields: readonly string[]; readonly limit: number };

async function pagesOf(crm: CrmClient, { module, fields, limit }: Wanted): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for (let next: string | null = ""; next !== null && rows.length < limit;) {
    const perPage = Math.min(rowsPerPageMax, limit - rows.length);
    const query: string = `fields=${pathPart(fields.join(","))}&per_page=${String(perPage)}${next}`;
    const answered = await crm.send({ method: "GET", path: `/${pathPart(module)}?${query}` });
    rows.push(...itemsOf(answered, "data"));
    const token = textAt(answered.body, "info", "next_page_token");
    next = valueAt(answered.body, "info", "more_records") === true && token !== null ? `&page_token=${pathPart(token)}` : null;
  }
  return rows;
}

/** A lookup by its name and id, anything else as it is. */
function valueText(value: unknown): string {
  const name = textAt(objectAt(value), "name");
  const id = textAt(objectAt(value), "id");
  return id === null ? shown(value) : `${name ?? ""} (${id})`;
}

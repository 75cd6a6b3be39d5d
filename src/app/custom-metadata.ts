/**
 * Makes custom modules and fields: gives them numbers that nothing had before, and forgets what an earlier one of the name left behind.
 * Whoever calls renews the catalog, once for all that it makes.
 */
import type { DataType } from "../core/catalog.ts";
import { hasPickList } from "../core/custom-field.ts";
import type { OrgKey } from "../core/org.ts";
import { limits } from "../core/limits.ts";
import { type Result, ok, refuse } from "../core/result.ts";
import type { Context } from "./context.ts";

/** Where an org's own modules and fields stand among its ids (`core/standard-catalog.ts` has the regions). */
const moduleNumbers = { first: 4_000_000, last: 9_999_999, span: 1_000 };
/** Within a custom module's thousand; a field that finds no room there is numbered like one of a standard module. */
const ownFieldOffsets = { first: 100, last: 899 };
const fieldNumbers = { first: 3_000_000, last: 3_999_999 };
const pickListNumbers = { first: 20_000_000, last: 49_999_999, span: limits.pickListValuesMax };

export type NewModule = { readonly apiName: string; readonly singularLabel: string; readonly pluralLabel: string };

export type NewField = {
  /** The API name of its module, standard or custom. */
  readonly module: string;
  readonly apiName: string;
  readonly label: string;
  readonly dataType: DataType;
  readonly length: number | null;
  readonly isMandatory: boolean;
  readonly isUnique: boolean;
  readonly pickList: readonly { readonly value: string; readonly label: string }[];
  readonly lookupModule: string | null;
};

/** Inserts the module; gives its number, or `limit_reached`. */
export async function insertCustomModule(context: Context, org: OrgKey, module: NewModule): Promise<Result<number>> {
  const { orgs, metadata, records } = context.tx;
  const { first, last, span } = moduleNumbers;
  if ((await metadata.modulesOf(org)).length >= limits.customModulesPerOrgMax) {
    return refuse({ code: "limit_reached", limit: limits.customModulesPerOrgMax });
  }
  const sequence = await orgs.takeNumbers({ org, name: "module", start: first, count: span });
  if (sequence + span - 1 > last) return refuse({ code: "limit_reached", limit: limits.customModulesPerOrgMax });
  if (await metadata.hadModule(org, module.apiName)) await records.dropModule(org, module.apiName);
  const { apiName, singularLabel, pluralLabel } = module;
  const moduleName = `CustomModule${(sequence - first) / span + 1}`;
  await metadata.insertModule(org, { sequence, apiName, moduleName, singularLabel, pluralLabel });
  await metadata.touch(org, apiName, context.now);
  return ok(sequence);
}

/** Inserts the field; gives its number, or `limit_reached`. */
export async function insertCustomField(context: Context, org: OrgKey, field: NewField): Promise<Result<number>> {
  const { orgs, metadata, records } = context.tx;
  const { module, apiName, label, dataType, length, isMandatory, isUnique, lookupModule } = field;
  if ((await metadata.countFields(org, module)) >= limits.customFieldsPerModuleMax) {
    return refuse({ code: "limit_reached", limit: limits.customFieldsPerModuleMax });
  }
  const sequence = await takeFieldNumber(context, org, module);
  const pickListSequence = hasPickList(dataType)
    ? await orgs.takeNumbers({ org, name: "pick_list", start: pickListNumbers.first, count: pickListNumbers.span })
    : 0;
  if (sequence > fieldNumbers.last && sequence < moduleNumbers.first) return refuse({ code: "limit_reached" });
  if (pickListSequence + pickListNumbers.span - 1 > pickListNumbers.last) return refuse({ code: "limit_reached" });
  const hadName = await metadata.hadField(org, module, apiName);
  if (hadName) await records.dropValues(org, module, apiName);
  await metadata.insertField(org, {
    module,
    sequence,
    apiName,
    label,
    dataType,
    length,
    isMandatory,
    ...(isUnique ? { isUnique } : {}),
    pickListValues: field.pickList.map((value, offset) => ({ offset, ...value, isRemoved: false })),
    pickListSequence,
    lookupModule,
    createdAt: context.now,
    modifiedAt: context.now,
  });
  await metadata.touch(org, module, context.now);
  // A condition may name the field that had the name; only reading the channels anew sees that it is not this one.
  if (hadName) context.directory.forget(org);
  return ok(sequence);
}

async function takeFieldNumber({ tx }: Context, org: OrgKey, module: string): Promise<number> {
  const own = (await tx.metadata.modulesOf(org)).find((row) => row.apiName === module);
  if (own !== undefined) {
    const from = own.sequence + ownFieldOffsets.first;
    const until = own.sequence + ownFieldOffsets.last;
    const last = await tx.metadata.lastFieldSequence(org, { from, until });
    if (last === null) return from;
    if (last < until) return last + 1;
  }
  return tx.orgs.takeNumbers({ org, name: "field", start: fieldNumbers.first, count: 1 });
}

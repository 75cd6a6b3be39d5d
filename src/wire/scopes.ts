/**
 * OAuth scopes: `ZohoCRM.{service}[.{part}].{operation}`, without regard to case (PROTOCOL E.1). A scope without a part stands for
 * every part of its service; `ALL` for every operation, `WRITE` for creating and updating.
 */

export type ScopeOperation = "READ" | "CREATE" | "UPDATE" | "DELETE";

/** What a request needs a scope for. */
export type ScopeNeed = {
  readonly service: "modules" | "settings" | "users" | "org" | "notifications";
  /** A module's scope name, or what of the settings (`modules`, `fields`); null for services that have no parts. */
  readonly part: string | null;
  readonly operation: ScopeOperation;
};

/** The scopes of a text, separated by commas or blanks, each once. */
export function readScopes(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((scope) => scope !== ""))];
}

/** Whether one of the scopes covers the need. */
export function allows(scopes: readonly string[], need: ScopeNeed): boolean {
  return scopes.some((scope) => covers(scope.toLowerCase().split("."), need));
}

const product = "zohocrm";

const operationsCovered: Readonly<Record<string, readonly ScopeOperation[]>> = {
  all: ["READ", "CREATE", "UPDATE", "DELETE"],
  write: ["CREATE", "UPDATE"],
  read: ["READ"],
  create: ["CREATE"],
  update: ["UPDATE"],
  delete: ["DELETE"],
};

function covers(words: readonly string[], need: ScopeNeed): boolean {
  if (words[0] !== product || words[1] !== need.service) return false;
  const rest = words.slice(2);
  const operation = rest.at(-1);
  if (operation === undefined || !Object.hasOwn(operationsCovered, operation)) return false;
  if (!operationsCovered[operation]?.includes(need.operation)) return false;
  if (rest.length === 1) return true;
  return rest.length === 2 && need.part !== null && rest[0] === need.part.toLowerCase();
}

/**
 * OAuth scopes: `ZohoCRM.{service}[.{part}].{operation}`, without regard to case (PROTOCOL E.1). A scope without a part stands for
 * every part of its service; `ALL` for every operation, `WRITE` for creating and updating.
 */

export type ScopeOperation = "READ" | "CREATE" | "UPDATE" | "DELETE";

/** What a request needs a scope for; `service` null: for nothing, any token will do. */
export type ScopeNeed = {
  readonly service: "modules" | "settings" | "users" | "org" | "notifications" | null;
  /** A module's scope name, or what of the settings (`modules`, `fields`, `layouts`…); null for services that have no parts. */
  readonly part: string | null;
  readonly operation: ScopeOperation;
  /** A search needs `ZohoSearch.securesearch.READ` besides. Left out: no. */
  readonly isSearch?: boolean;
};

/** The scopes of a text, separated by commas or blanks, each once. */
export function readScopes(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/).filter((scope) => scope !== ""))];
}

/** Whether one of the scopes covers the need. */
export function allows(scopes: readonly string[], need: ScopeNeed): boolean {
  if (need.service === null) return true;
  if (need.isSearch === true && !scopes.some((scope) => /^zohosearch\.securesearch\.(?:read|all)$/i.test(scope))) return false;
  return scopes.some((scope) => covers(scope.toLowerCase().split("."), need));
}

/** Lists of scopes of which each is enough for the need; none when any token will do. */
export function scopesFor(need: ScopeNeed): readonly (readonly string[])[] {
  const { service, part, operation, isSearch = false } = need;
  if (service === null) return [];
  const words = Object.keys(operationsCovered).filter((word) => operationsCovered[word]?.includes(operation));
  const heads = part === null ? [service] : [service, `${service}.${part}`];
  return heads.flatMap((head) =>
    words.map((word) => [`ZohoCRM.${head}.${word.toUpperCase()}`, ...(isSearch ? ["ZohoSearch.securesearch.READ"] : [])]),
  );
}

/**
 * What both of the two lists cover: a scope of either that one of the other covers, each once, in the order asked. The profile that
 * `/oauth/user/info` tells is the user's own, and may always be asked for.
 */
export function commonScopes(asked: readonly string[], allowed: readonly string[]): readonly string[] {
  const common = asked.flatMap((scope) => {
    if (/^aaaserver\.profile\.\w+$/i.test(scope) || allowed.some((other) => isWithin(scope, other))) return [scope];
    return allowed.filter((other) => isWithin(other, scope));
  });
  return [...new Set(common)];
}

/** Whether `wide` allows all that `narrow` does; of scopes that are not ours only the form is known. */
function isWithin(narrow: string, wide: string): boolean {
  const [one, other] = [partsOf(narrow), partsOf(wide)];
  if (one.service !== other.service || (other.part !== "" && other.part !== one.part)) return false;
  const wideOperations = operationsOf(other.operation);
  return operationsOf(one.operation).every((operation) => wideOperations.includes(operation));
}

function partsOf(scope: string): { readonly service: string; readonly part: string; readonly operation: string } {
  const words = scope.toLowerCase().split(".");
  return { service: words.slice(0, 2).join("."), part: words.slice(2, -1).join("."), operation: words.at(-1) ?? "" };
}

function operationsOf(word: string): readonly string[] {
  return (Object.hasOwn(operationsCovered, word) ? operationsCovered[word] : undefined) ?? [word];
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

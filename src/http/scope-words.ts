/** Scopes for people, on the page that asks for their consent. */

const operations: Readonly<Record<string, string>> = {
  all: "Read, create, change and delete",
  write: "Create and change",
  read: "Read",
  create: "Create",
  update: "Change",
  delete: "Delete",
};

const services: Readonly<Record<string, string>> = {
  "zohocrm.modules": "records",
  "zohocrm.settings": "modules, fields and other settings",
  "zohocrm.users": "users",
  "zohocrm.org": "the organisation's details",
  "zohocrm.notifications": "subscriptions to changes",
  "zohosearch.securesearch": "search results",
  "aaaserver.profile": "your name and e-mail address",
};

/** `Read records: deals` for `ZohoCRM.modules.deals.READ`; of a scope that is not known, only its parts. */
export function scopeWords(scope: string): string {
  const words = scope.split(".");
  const operation = words.at(-1) ?? "";
  const service = words.slice(0, 2).join(".");
  const part = words.slice(2, -1).join(" ");
  const what = ownValue(services, service) ?? service;
  return `${ownValue(operations, operation) ?? operation} ${what}${part === "" ? "" : `: ${part}`}`;
}

function ownValue(table: Readonly<Record<string, string>>, key: string): string | undefined {
  const name = key.toLowerCase();
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/**
 * The scope that a request for a module's records needs: `ZohoCRM.modules.{name}.{operation}`. Standard modules have names of
 * their own there (PROTOCOL E.1); all others are `custom`.
 */
import type { ScopeNeed, ScopeOperation } from "../wire/scopes.ts";

/** By API name, lower-cased. */
const standardNames: ReadonlyMap<string, string> = new Map([
  ["leads", "leads"],
  ["accounts", "accounts"],
  ["contacts", "contacts"],
  ["deals", "deals"],
  ["campaigns", "campaigns"],
  ["tasks", "tasks"],
  ["events", "events"],
  ["calls", "calls"],
  ["cases", "cases"],
  ["solutions", "solutions"],
  ["products", "products"],
  ["vendors", "vendors"],
  ["price_books", "pricebooks"],
  ["quotes", "quotes"],
  ["sales_orders", "salesorders"],
  ["purchase_orders", "purchaseorders"],
  ["invoices", "invoices"],
  ["quoted_items", "quoteditems"],
  ["ordered_items", "ordereditems"],
  ["purchase_items", "purchaseitems"],
  ["invoiced_items", "invoiceditems"],
  ["appointments__s", "appointments"],
  ["appointments_rescheduled_history__s", "appointments_rescheduled_history"],
  ["services__s", "services"],
  ["notes", "notes"],
  ["attachments", "attachments"],
  ["activities", "activities"],
]);

const customName = "custom";

/** The need for `operation` on the module that a path names, without regard to case. */
export function moduleNeed(module: string, operation: ScopeOperation): ScopeNeed {
  return { service: "modules", part: standardNames.get(module.toLowerCase()) ?? customName, operation };
}

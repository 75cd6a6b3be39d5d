/**
 * What hangs on a record of a standard module: the records that look it up, and those that are linked to it. PROTOCOL F.1, F.5.
 *
 * The names are those of the wire, which spells some without the underscore that the module has. Numbers are for good: a new list goes
 * to the end of its module's rows.
 */

/** The records of `module` whose `field` names the record. */
export type LookupRow = readonly [kind: "lookup", apiName: string, module: string, field: string];
/** The records of `module` that a client linked; `values` are the keys that such a link has of its own. */
export type LinkRow = readonly [kind: "link", apiName: string, module: string, values: readonly string[]];
export type RelationRow = LookupRow | LinkRow;

export type RelatedListData = {
  readonly module: string;
  /** The number of the first row's list; the others follow it. The same in both layouts. */
  readonly from: number;
  readonly rows: readonly RelationRow[];
};

const attachedRows: readonly RelationRow[] = [
  ["lookup", "Notes", "Notes", "Parent_Id"],
  ["lookup", "Attachments", "Attachments", "Parent_Id"],
];
const activityRows: readonly RelationRow[] = [
  ["lookup", "Tasks", "Tasks", "What_Id"],
  ["lookup", "Events", "Events", "What_Id"],
  ["lookup", "Calls", "Calls", "What_Id"],
];
/** A person of an activity is a contact, in a field of its own. */
const activityRowsOfContact: readonly RelationRow[] = [
  ["lookup", "Tasks", "Tasks", "Who_Id"],
  ["lookup", "Events", "Events", "Who_Id"],
  ["lookup", "Calls", "Calls", "Who_Id"],
];
const memberValues = ["Member_Status"];
const priceValues = ["list_price"];
const usualRows = [...attachedRows, ...activityRows];

/** What every custom module has; numbered within its own thousand. */
export const customModuleRelations: readonly RelationRow[] = usualRows;

export const relatedListData: readonly RelatedListData[] = [
  {
    module: "Leads",
    from: 600_000,
    rows: [...usualRows, ["link", "Campaigns", "Campaigns", memberValues], ["link", "Products", "Products", []]],
  },
  {
    module: "Accounts",
    from: 600_100,
    rows: [
      ...usualRows,
      ["lookup", "Contacts", "Contacts", "Account_Name"],
      ["lookup", "Deals", "Deals", "Account_Name"],
      ["lookup", "Child_Accounts", "Accounts", "Parent_Account"],
      ["lookup", "Cases", "Cases", "Account_Name"],
      ["lookup", "Quotes", "Quotes", "Account_Name"],
      ["lookup", "SalesOrders", "Sales_Orders", "Account_Name"],
      ["lookup", "Invoices", "Invoices", "Account_Name"],
      ["link", "Products", "Products", []],
    ],
  },
  {
    module: "Contacts",
    from: 600_200,
    rows: [
      ...attachedRows,
      ...activityRowsOfContact,
      ["lookup", "Deals", "Deals", "Contact_Name"],
      ["lookup", "Reporting_Contacts", "Contacts", "Reporting_To"],
      ["lookup", "Cases", "Cases", "Related_To"],
      ["lookup", "Quotes", "Quotes", "Contact_Name"],
      ["lookup", "SalesOrders", "Sales_Orders", "Contact_Name"],
      ["lookup", "PurchaseOrders", "Purchase_Orders", "Contact_Name"],
      ["lookup", "Invoices", "Invoices", "Contact_Name"],
      ["link", "Campaigns", "Campaigns", memberValues],
      ["link", "Products", "Products", []],
    ],
  },
  {
    module: "Deals",
    from: 600_300,
    rows: [
      ...usualRows,
      ["lookup", "Cases", "Cases", "Deal_Name"],
      ["lookup", "Quotes", "Quotes", "Deal_Name"],
      ["lookup", "SalesOrders", "Sales_Orders", "Deal_Name"],
      ["link", "Products", "Products", []],
    ],
  },
  {
    module: "Campaigns",
    from: 600_400,
    rows: [
      ...usualRows,
      ["link", "Leads", "Leads", memberValues],
      ["link", "Contacts", "Contacts", memberValues],
      ["lookup", "Deals", "Deals", "Campaign_Source"],
      ["lookup", "Child_Campaigns", "Campaigns", "Parent_Campaign"],
    ],
  },
  { module: "Tasks", from: 600_500, rows: attachedRows },
  { module: "Events", from: 600_600, rows: attachedRows },
  { module: "Calls", from: 600_700, rows: attachedRows },
  { module: "Cases", from: 600_800, rows: usualRows },
  { module: "Solutions", from: 600_900, rows: attachedRows },
  {
    module: "Products",
    from: 601_000,
    rows: [
      ...usualRows,
      ["link", "Leads", "Leads", []],
      ["link", "Accounts", "Accounts", []],
      ["link", "Contacts", "Contacts", []],
      ["link", "Deals", "Deals", []],
      ["link", "Price_Books", "Price_Books", priceValues],
      ["lookup", "Cases", "Cases", "Product_Name"],
      ["lookup", "Solutions", "Solutions", "Product_Name"],
    ],
  },
  {
    module: "Vendors",
    from: 601_100,
    rows: [
      ...usualRows,
      ["lookup", "Products", "Products", "Vendor_Name"],
      ["lookup", "Contacts", "Contacts", "Vendor_Name"],
      ["lookup", "PurchaseOrders", "Purchase_Orders", "Vendor_Name"],
    ],
  },
  { module: "Price_Books", from: 601_200, rows: [...attachedRows, ["link", "Products", "Products", priceValues]] },
  { module: "Quotes", from: 601_300, rows: [...usualRows, ["lookup", "SalesOrders", "Sales_Orders", "Quote_Name"]] },
  { module: "Sales_Orders", from: 601_400, rows: [...usualRows, ["lookup", "Invoices", "Invoices", "Sales_Order"]] },
  { module: "Purchase_Orders", from: 601_500, rows: usualRows },
  { module: "Invoices", from: 601_600, rows: usualRows },
  {
    module: "Appointments__s",
    from: 601_700,
    rows: [
      ...attachedRows,
      ["link", "Services__s", "Services__s", []],
      ["lookup", "Appointments_Rescheduled_History__s", "Appointments_Rescheduled_History__s", "Appointment_Name"],
    ],
  },
  { module: "Services__s", from: 601_800, rows: [...attachedRows, ["lookup", "Appointments__s", "Appointments__s", "Service_Name"]] },
];

import assert from "node:assert/strict";
import { test } from "node:test";
import { currentZgid, earlyZgid, extended, fieldsWhere, inspections, moduleOf, standard } from "../../test/support/catalogs.ts";
import { buildCatalog } from "./standard-catalog.ts";

test("a module is found by its API name in any case, a field by its exact one", () => {
  const catalog = standard(earlyZgid);
  assert.equal(catalog.module("sAlEs_OrDeRs")?.apiName, "Sales_Orders");
  assert.equal(catalog.module("Meetings"), undefined);
  const deals = moduleOf(catalog, "Deals");
  assert.equal(catalog.field(deals, "Stage")?.label, "Stage");
  assert.equal(catalog.field(deals, "stage"), undefined);
  assert.equal(catalog.field(deals, "constructor"), undefined);
});

test("the modules that the v6 documentation lists can be watched, custom ones too, and no others", () => {
  const watchable = extended(earlyZgid).modules.filter((module) => module.isWatchable);
  assert.deepEqual(watchable.map((module) => module.apiName).toSorted(), [
    "Accounts",
    "Appointments_Rescheduled_History__s",
    "Appointments__s",
    "Calls",
    "Campaigns",
    "Cases",
    "Contacts",
    "Deals",
    "Events",
    "Inspections",
    "Invoices",
    "Leads",
    "Price_Books",
    "Products",
    "Purchase_Orders",
    "Quotes",
    "Sales_Orders",
    "Services__s",
    "Solutions",
    "Tasks",
    "Vendors",
    "Visits",
  ]);
});

test("what an event names is found by API name or other name, in any case, and given its own spelling", () => {
  const catalog = extended(earlyZgid);
  assert.deepEqual(catalog.watchable("dEALS"), { apiName: "Deals", id: "554023000000000131" });
  assert.deepEqual(catalog.watchable("meetings"), { apiName: "Events", id: "554023000000000145" });
  assert.equal(catalog.watchable("Events")?.apiName, "Events");
  assert.equal(catalog.watchable("Price Books")?.apiName, "Price_Books");
  assert.equal(catalog.watchable("PriceBooks")?.apiName, "Price_Books");
  assert.equal(catalog.watchable("Inspections")?.id, "554023000004001000");
  assert.equal(catalog.watchable("Users")?.apiName, "users");
  for (const name of ["Notes", "Attachments", "Quoted_Items", "Home", "", "Nothing", "constructor"]) {
    assert.equal(catalog.watchable(name), undefined, name);
  }
});

test("another module's API name goes before an other name, and an other name of two modules names none", () => {
  const meetings = { ...inspections, apiName: "Meetings", pluralLabel: "Meetings" };
  const named = buildCatalog({ zgid: earlyZgid, modules: [meetings], fields: new Map() });
  assert.equal(named.watchable("meetings")?.apiName, "Meetings");
  const gatherings = { ...inspections, apiName: "Gatherings", pluralLabel: "Meetings" };
  const twice = buildCatalog({ zgid: earlyZgid, modules: [gatherings], fields: new Map() });
  assert.equal(twice.watchable("meetings"), undefined);
  assert.equal(twice.watchable("gatherings")?.apiName, "Gatherings");
});

test("two modules with one name are a bug", () => {
  const leads = { ...inspections, apiName: "leads" };
  assert.throws(() => buildCatalog({ zgid: earlyZgid, modules: [leads], fields: new Map() }), /invariant broken/);
});

test("every lookup and subform points to a module of the catalog, or lets the record say which", () => {
  const catalog = standard(earlyZgid);
  const fields = catalog.modules.flatMap((module) => module.fields);
  for (const field of fields) {
    const isReference = field.dataType === "lookup" || field.dataType === "subform";
    assert.equal(field.lookupModule !== null, isReference, field.apiName);
    if (field.lookupModule === null || field.lookupModule === "$se_module") continue;
    assert.equal(catalog.module(field.lookupModule)?.apiName, field.lookupModule);
  }
});

test("every module with records has an id, its times and users, and the field that names a record", () => {
  const catalog = extended(earlyZgid);
  for (const module of catalog.modules.filter(({ isApiSupported }) => isApiSupported)) {
    for (const name of ["id", "Created_By", "Modified_By", "Created_Time", "Modified_Time"]) {
      assert.equal(catalog.field(module, name)?.isReadOnly, true, `${module.apiName}.${name}`);
    }
    assert.ok(catalog.field(module, module.nameField), module.apiName);
    assert.equal(new Set(module.fields.map((field) => field.apiName)).size, module.fields.length, module.apiName);
  }
});

test("every watchable module tells the state of a record, and all have an owner", () => {
  const catalog = extended(earlyZgid);
  for (const module of catalog.modules.filter(({ isWatchable }) => isWatchable)) {
    const status = catalog.field(module, "Record_Status__s");
    assert.deepEqual(
      status?.pickList.map(({ value }) => value),
      ["Trash", "Available", "Draft"],
    );
    assert.equal(status?.isReadOnly, true);
    assert.equal(catalog.field(module, "Owner")?.isReadOnly, false);
  }
});

test("Stage stands before Probability, as in the documentation's callback", () => {
  const names = moduleOf(standard(earlyZgid), "Deals").fields.map((field) => field.apiName);
  assert.ok(names.indexOf("Stage") < names.indexOf("Probability"));
});

test("exactly the documented fields are mandatory", () => {
  assert.deepEqual(fieldsWhere((field) => field.isMandatory).toSorted(), [
    "Accounts.Account_Name",
    "Appointments_Rescheduled_History__s.Appointment_Name",
    "Appointments_Rescheduled_History__s.Rescheduled_By",
    "Appointments_Rescheduled_History__s.Rescheduled_From",
    "Appointments_Rescheduled_History__s.Rescheduled_Time",
    "Appointments_Rescheduled_History__s.Rescheduled_To",
    "Appointments__s.Appointment_For",
    "Appointments__s.Appointment_Name",
    "Appointments__s.Appointment_Start_Time",
    "Appointments__s.Location",
    "Appointments__s.Owner",
    "Appointments__s.Service_Name",
    "Calls.Call_Duration",
    "Calls.Call_Start_Time",
    "Calls.Call_Type",
    "Calls.Subject",
    "Campaigns.Campaign_Name",
    "Cases.Case_Origin",
    "Cases.Status",
    "Cases.Subject",
    "Contacts.Last_Name",
    "Deals.Deal_Name",
    "Deals.Stage",
    "Events.End_DateTime",
    "Events.Event_Title",
    "Events.Start_DateTime",
    "Invoices.Invoiced_Items",
    "Invoices.Subject",
    "Leads.Last_Name",
    "Price_Books.Price_Book_Name",
    "Price_Books.Pricing_Details",
    "Products.Product_Name",
    "Purchase_Orders.Purchase_Items",
    "Purchase_Orders.Subject",
    "Purchase_Orders.Vendor_Name",
    "Quotes.Quoted_Items",
    "Quotes.Subject",
    "Sales_Orders.Ordered_Items",
    "Sales_Orders.Subject",
    "Services__s.Availability_Type",
    "Services__s.Duration",
    "Services__s.Location",
    "Services__s.Members",
    "Services__s.Price",
    "Services__s.Service_Name",
    "Solutions.Solution_Title",
    "Tasks.Subject",
    "Vendors.Vendor_Name",
  ]);
});

test("no field is mandatory and read-only at once", () => {
  assert.deepEqual(
    fieldsWhere((field) => field.isMandatory && field.isReadOnly),
    [],
  );
});

test("Leads has the lengths of the recorded metadata", () => {
  const catalog = standard(earlyZgid);
  const leads = moduleOf(catalog, "Leads");
  const recorded = {
    Company: 200,
    First_Name: 40,
    Last_Name: 80,
    Full_Name: 120,
    Designation: 100,
    Email: 100,
    Phone: 30,
    Fax: 30,
    Website: 255,
    Lead_Status: 120,
    Salutation: 25,
    No_of_Employees: 9,
    Annual_Revenue: 16,
    Street: 250,
    City: 100,
    Zip_Code: 30,
    Description: 32_000,
    Skype_ID: 50,
    Twitter: 50,
    Tag: 2_000,
    Record_Image: 255,
    Referrer: 3_000,
    id: 18,
  };
  for (const [name, length] of Object.entries(recorded)) assert.equal(catalog.field(leads, name)?.length, length, name);
});

test("a stage has a value and, where people see another text, its label", () => {
  const catalog = standard(earlyZgid);
  const stage = catalog.field(moduleOf(catalog, "Deals"), "Stage");
  assert.deepEqual(stage?.pickList[3], {
    id: "554023000010525003",
    value: "Id. Decision Makers",
    label: "Identify Decision Makers",
  });
});

test("a custom module has a mandatory Name, the common fields and its own", () => {
  const catalog = extended(currentZgid);
  const module = moduleOf(catalog, "Inspections");
  assert.equal(module.id, "4150868000004001000");
  assert.equal(module.scopeName, "custom");
  assert.deepEqual(
    module.fields.map((field) => field.apiName),
    [
      "Owner",
      "Name",
      "Email",
      "Secondary_Email",
      "Email_Opt_Out",
      "Currency",
      "Exchange_Rate",
      "Score",
      "Created_By",
      "Modified_By",
      "Created_Time",
      "Modified_Time",
      "Tag",
      "Record_Status__s",
      "Locked__s",
      "id",
    ],
  );
  assert.equal(catalog.field(module, "Name")?.isMandatory, true);
  assert.equal(catalog.field(module, "Owner")?.label, "Inspection Owner");
  const { id, isCustom, length } = catalog.field(module, "Score") ?? {};
  assert.deepEqual({ id, isCustom, length }, { id: "4150868000004001100", isCustom: true, length: 9 });
});

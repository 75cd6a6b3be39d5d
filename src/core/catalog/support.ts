/** Help for customers: cases, solutions. Fields and lengths: PROTOCOL F.6. */
import type { ModuleData } from "./module-data.ts";
import * as lists from "./pick-lists.ts";

const cases: ModuleData = {
  apiName: "Cases",
  moduleName: "Cases",
  singularLabel: "Case",
  pluralLabel: "Cases",
  sequences: { early: 159, current: 2209 },
  generatedType: "default",
  isApiSupported: true,
  isWatchable: true,
  scopeName: "cases",
  nameField: "Subject",
  fields: [
    [2200, "Case_Number", "autonumber", { isReadOnly: true }],
    [2201, "Subject", "text", { isMandatory: true }],
    [2202, "Status", "picklist", { isMandatory: true, pickList: lists.caseStatuses }],
    [2203, "Priority", "picklist", { pickList: lists.casePriorities }],
    [2204, "Type", "picklist", { pickList: lists.caseTypes }],
    [2205, "Case_Origin", "picklist", { isMandatory: true, pickList: lists.caseOrigins }],
    [2206, "Case_Reason", "picklist", { pickList: lists.caseReasons }],
    [2207, "Product_Name", "lookup", { lookupModule: "Products" }],
    [2208, "Account_Name", "lookup", { lookupModule: "Accounts" }],
    [2209, "Related_To", "lookup", { lookupModule: "Contacts" }],
    [2210, "Deal_Name", "lookup", { lookupModule: "Deals" }],
    [2211, "Reported_By", "text", { length: 50 }],
    [2212, "Email", "email"],
    [2213, "Phone", "phone"],
    [2214, "Description", "textarea"],
    [2215, "Internal_Comments", "textarea"],
    [2216, "Solution", "textarea"],
    [2217, "Add_Comment", "textarea"],
    [2218, "Comments", "comments"],
    [2219, "No_of_comments", "integer", { isReadOnly: true, label: "No. of comments" }],
  ],
  commonFrom: 2380,
  commonWithout: [],
};

const solutions: ModuleData = {
  apiName: "Solutions",
  moduleName: "Solutions",
  singularLabel: "Solution",
  pluralLabel: "Solutions",
  sequences: { early: 161, current: 2211 },
  generatedType: "default",
  isApiSupported: true,
  isWatchable: true,
  scopeName: "solutions",
  nameField: "Solution_Title",
  fields: [
    [2400, "Solution_Number", "autonumber", { isReadOnly: true }],
    [2401, "Solution_Title", "text", { isMandatory: true }],
    [2402, "Status", "picklist", { pickList: lists.solutionStatuses }],
    [2403, "Product_Name", "lookup", { lookupModule: "Products" }],
    [2404, "Published", "boolean"],
    [2405, "Question", "textarea"],
    [2406, "Answer", "textarea"],
    [2407, "Add_Comment", "textarea"],
    [2408, "Comments", "comments"],
    [2409, "No_of_comments", "integer", { isReadOnly: true, label: "No. of comments" }],
  ],
  commonFrom: 2580,
  commonWithout: [],
};

export const supportModules: readonly ModuleData[] = [cases, solutions];

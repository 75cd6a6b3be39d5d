/**
 * The values of the standard pick lists. Those that no source tells have none, and take any text: the official SDKs refuse
 * what a list does not name, so a list that is short of values would be worse than an empty one. PROTOCOL F.6.
 */
import type { PickListData } from "./module-data.ts";

export const recordStatuses: PickListData = ["Trash", "Available", "Draft"];
export const yesNo: PickListData = ["Yes", "No"];
export const salutations: PickListData = ["-None-", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof."];
export const ratings: PickListData = ["-None-", "Acquired", "Active", "Market Failed", "Project Cancelled", "Shut Down"];
export const dataSources: PickListData = ["-None-", "Manual", "API"];
export const unsubscribedModes: PickListData = ["-None-", "Consent form", "Manual", "Unsubscribe link", "Zoho campaigns"];

export const leadSources: PickListData = [
  "-None-",
  "Advertisement",
  "Cold Call",
  "Employee Referral",
  "External Referral",
  "Online Store",
  "Partner",
  "Public Relations",
  "Sales Email Alias",
  "Seminar Partner",
  "Internal Seminar",
  "Trade Show",
  "Web Download",
  "Web Research",
  "Chat",
];
export const leadStatuses: PickListData = [
  "-None-",
  "Attempted to Contact",
  "Contact in Future",
  "Contacted",
  "Junk Lead",
  "Lost Lead",
  "Not Contacted",
  "Pre-Qualified",
  "Not Qualified",
];
export const industries: PickListData = [
  "-None-",
  "ASP (Application Service Provider)",
  "Data/Telecom OEM",
  "ERP (Enterprise Resource Planning)",
  "Government/Military",
  "Large Enterprise",
  "ManagementISV",
  "MSP (Management Service Provider)",
  "Network Equipment Enterprise",
  "Non-management ISV",
  "Optical Networking",
  "Service Provider",
  "Small/Medium Enterprise",
  "Storage Equipment",
  "Storage Service Provider",
  "Systems Integrator",
  "Wireless Industry",
];
export const accountTypes: PickListData = [
  "-None-",
  "Analyst",
  "Competitor",
  "Customer",
  "Distributor",
  "Integrator",
  "Investor",
  "Other",
  "Partner",
  "Press",
  "Prospect",
  "Reseller",
  "Supplier",
  "Vendor",
];
export const ownerships: PickListData = [
  "-None-",
  "Other",
  "Private",
  "Public",
  "Subsidiary",
  "Partnership",
  "Government",
  "Privately Held",
  "Public Company",
];

export const pipelines: PickListData = ["-None-", "Standard (Standard)"];
export const dealStages: PickListData = [
  "Qualification",
  "Needs Analysis",
  "Value Proposition",
  ["Id. Decision Makers", "Identify Decision Makers"],
  "Proposal/Price Quote",
  "Negotiation/Review",
  "Closed Won",
  "Closed Lost",
  "Closed Lost to Competition",
];
export const dealTypes: PickListData = ["-None-", "Existing Business", "New Business"];
export const reasonsForLoss: PickListData = [
  "-None-",
  "Expectation Mismatch",
  "Price",
  "Unqualified Customer",
  "Lack of response",
  "Missed Follow Ups",
  "Wrong Target",
  "Competition",
  "Future Interest",
  "Other",
];
export const campaignTypes: PickListData = [
  "-None-",
  "Conference",
  "Webinar",
  "Trade Show",
  "Public Relations",
  "Partners",
  "Referral Program",
  "Advertisement",
  "Banner Ads",
  "Direct mail",
  "Email",
  "Telemarketing",
  "Others",
];
export const campaignStatuses: PickListData = ["-None-", "Planning", "Active", "Inactive", "Complete"];

export const taskStatuses: PickListData = ["Not Started", "Deferred", "In Progress", "Completed", "Waiting for input"];
export const taskPriorities: PickListData = ["High", "Highest", "Low", "Lowest", "Normal"];
export const callTypes: PickListData = ["Inbound", "Outbound", "Missed"];
export const callPurposes: PickListData = ["-None-", "Prospecting", "Administrative", "Negotiation", "Demo", "Project", "Desk"];
export const outgoingCallStatuses: PickListData = ["Scheduled", "Completed"];

export const caseStatuses: PickListData = ["-None-", "New", "On Hold", "Escalated", "Closed"];
export const casePriorities: PickListData = ["-None-", "High", "Medium", "Low"];
export const caseTypes: PickListData = ["-None-", "Problem", "Feature Request", "Question"];
export const caseOrigins: PickListData = ["-None-", "Email", "Phone", "Web", "Twitter", "Facebook"];
export const caseReasons: PickListData = [
  "-None-",
  "User did not attend any training",
  "Complex functionality",
  "Existing problem",
  "Instructions not clear",
  "New problem",
];
export const solutionStatuses: PickListData = ["-None-", "Draft", "Reviewed", "Duplicate"];

export const productCategories: PickListData = ["-None-", "Hardware", "Software", "CRM Applications"];
export const manufacturers: PickListData = ["-None-", "AltvetPet Inc.", "LexPon Inc.", "MetBeat Corp."];
export const usageUnits: PickListData = [
  "Box",
  "Carton",
  "Dozen",
  "Each",
  "Hours",
  "Impressions",
  "Lb",
  "M",
  "Pack",
  "Pages",
  "Pieces",
  "Quantity",
  "Reams",
  "Sheet",
  "Spiral Binder",
  "Sales Unit",
  "Square Feet",
];
export const glAccounts: PickListData = [
  "-None-",
  "Sales-Software",
  "Sales-Hardware",
  "Rental Income",
  "Interest Income",
  "Sales Software Support",
  "Sales Other",
  "Internet Sales",
  "Service-Hardware Labor",
];
export const pricingModels: PickListData = ["-None-", "Flat", "Differential"];
export const quoteStages: PickListData = ["Draft", "Negotiation", "Delivered", "On Hold", "Confirmed", "Closed Won", "Closed Lost"];
export const orderStatuses: PickListData = ["Created", "Approved", "Delivered", "Cancelled"];
export const carriers: PickListData = ["FedEX", "UPS", "USPS", "DHL", "BlueDart"];

export const serviceLocations: PickListData = ["Business Address", "Client Address", "Business Address and Client Address"];
export const serviceStatuses: PickListData = ["Available", "Temporarily Unavailable", "Not in Use"];
export const availabilityTypes: PickListData = ["Every Business Days", "Specific Date Range", "Specific Date(s)", "Specific Day(s)"];
export const weekDays: PickListData = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
export const appointmentLocations: PickListData = ["Client Address", "Business Address"];
export const appointmentStatuses: PickListData = ["Cancelled", "Completed", "Overdue", "Scheduled"];
export const changeReasons: PickListData = ["By Customer", "By Team"];

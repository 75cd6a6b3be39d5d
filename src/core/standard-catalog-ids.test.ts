/** The ids of the standard modules and fields: each is made of a number that it keeps for ever. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { currentFieldShift, currentZgid, earlyZgid, extended, fieldId, moduleOf, standard } from "../../test/support/catalogs.ts";

test("an early org has the ids that the v6 documentation prints", () => {
  const catalog = standard(earlyZgid);
  assert.equal(catalog.module("Leads")?.id, "554023000000000125");
  assert.equal(catalog.module("Contacts")?.id, "554023000000000129");
  assert.equal(catalog.module("Deals")?.id, "554023000000000131");
  assert.equal(fieldId(catalog, "Deals", "Account_Name"), "554023000000000523");
  assert.equal(fieldId(catalog, "Deals", "Stage"), "554023000000000525");
  assert.equal(fieldId(catalog, "Deals", "Lead_Source"), "554023000000000535");
  assert.equal(fieldId(catalog, "Leads", "Last_Name"), "554023000000000559");
  assert.equal(fieldId(catalog, "Leads", "Full_Name"), "554023000000000597");
});

test("an org with a ten-digit zgid has the module ids of the v2.1 recordings", () => {
  const catalog = standard(currentZgid);
  const recorded = {
    Leads: "2175",
    Accounts: "2177",
    Contacts: "2179",
    Deals: "2181",
    Campaigns: "2183",
    Tasks: "2193",
    Events: "2195",
    Notes: "2197",
    Cases: "2209",
    Solutions: "2211",
    Products: "2213",
    Vendors: "2215",
    Price_Books: "2217",
    Quotes: "2219",
    Sales_Orders: "2221",
    Purchase_Orders: "2223",
    Invoices: "2225",
    Attachments: "2227",
    Calls: "33015",
    Quoted_Items: "233001",
    Ordered_Items: "233419",
    Purchase_Items: "233837",
    Invoiced_Items: "234255",
    Services__s: "2362022",
    Appointments__s: "2362026",
    Appointments_Rescheduled_History__s: "2365262",
  };
  for (const [apiName, suffix] of Object.entries(recorded)) {
    assert.equal(catalog.module(apiName)?.id, currentZgid + suffix.padStart(9, "0"), apiName);
  }
});

test("every module and field keeps its number, and every new one is written down here", () => {
  for (const [layout, zgid, shift] of [
    ["early", earlyZgid, 0],
    ["current", currentZgid, currentFieldShift],
  ] as const) {
    const catalog = standard(zgid);
    assert.deepEqual(catalog.modules.map((module) => module.apiName).toSorted(), Object.keys(frozen).toSorted());
    for (const [apiName, [numbers = "", ...fields]] of Object.entries(frozen)) {
      const module = moduleOf(catalog, apiName);
      const [early, current] = numbers.split(" ");
      assert.equal(Number(module.id.slice(zgid.length)), Number(layout === "early" ? early : current), apiName);
      const found = module.fields.map((field) => [Number(field.id.slice(zgid.length)) - shift, field.apiName] as const);
      const listed = found.toSorted((a, b) => a[0] - b[0]).map(([number, name]) => `${name} ${number}`);
      assert.equal(listed.join(", "), fields.join(", "), apiName);
    }
  }
});

test("every pick-list value keeps its number: a new one goes to the end of its list", () => {
  const values = standard(earlyZgid).modules.flatMap((module) => module.fields.flatMap((field) => field.pickList));
  const numbered = values.map(({ id, value }) => `${id} ${value}`).toSorted();
  const digest = createHash("sha256").update(numbered.join("\n")).digest("hex").slice(0, 16);
  assert.deepEqual({ count: values.length, digest }, { count: 417, digest: "88611d9eee3cd60c" });
});

test("no two things of an org share an id, in either layout, with custom modules and fields", () => {
  for (const zgid of [earlyZgid, currentZgid, "1", "9223372035"]) {
    const catalog = extended(zgid);
    const ids = catalog.modules.flatMap((module) => [
      module.id,
      ...module.fields.flatMap((field) => [field.id, ...field.pickList.map((value) => value.id)]),
    ]);
    ids.push(catalog.watchable("users")?.id ?? "");
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every((id) => id.length === zgid.length + 9));
  }
});

test("every number lies in its region", () => {
  for (const module of extended(currentZgid).modules) {
    const start = module.generatedType === "custom" ? 4_000_000 : 0;
    for (const field of module.fields) {
      const number = Number(field.id.slice(currentZgid.length));
      if (field.isCustom) assert.ok(number >= 3_000_000 && number < 10_000_000);
      else assert.ok(number >= start && number < (start === 0 ? 12_050 : 10_000_000), `${module.apiName}.${field.apiName}`);
      for (const value of field.pickList) assert.ok(Number(value.id.slice(currentZgid.length)) < 50_000_000);
    }
  }
});

test("modules stand by ascending id, and are found by it", () => {
  for (const catalog of [standard(earlyZgid), extended(currentZgid)]) {
    const ids = catalog.modules.map((module) => module.id);
    assert.deepEqual(ids, ids.toSorted());
    for (const module of catalog.modules) assert.equal(catalog.moduleById(module.id), module);
  }
});

test("a custom field of a standard module leaves the ids of the others alone", () => {
  const before = moduleOf(standard(earlyZgid), "Deals");
  const after = moduleOf(extended(earlyZgid), "Deals");
  assert.deepEqual(
    after.fields.filter((field) => !field.isCustom),
    before.fields,
  );
  const added = after.fields.find((field) => field.isCustom);
  assert.deepEqual(added?.pickList, [
    { id: "554023000020000000", value: "Good", label: "Good" },
    { id: "554023000020000002", value: "Poor", label: "Rather poor" },
  ]);
});

/** By module: its numbers in the early and the current layout, then its fields with theirs in the early one. */
const frozen: Readonly<Record<string, readonly string[]>> = {
  Home: ["123 2173"],
  Leads: [
    "125 2175",
    "Company 551, Salutation 552, First_Name 553, Designation 554, Email 555, Secondary_Email 556, Phone 557, Mobile 558",
    "Last_Name 559, Fax 560, Website 561, Lead_Source 562, Lead_Status 563, Industry 564, Rating 565, No_of_Employees 566",
    "Annual_Revenue 567, Skype_ID 568, Twitter 569, Street 570, City 571, State 572, Zip_Code 573, Country 574, Description 575",
    "Email_Opt_Out 576, Unsubscribed_Mode 577, Unsubscribed_Time 578, Record_Image 579, Layout 580, Territories 581",
    "Converted__s 582, Converted_Account 583, Converted_Contact 584, Converted_Deal 585, Converted_Date_Time 586",
    "Lead_Conversion_Time 587, Last_Activity_Time 588, Change_Log_Time__s 589, Last_Enriched_Time__s 590, Enrich_Status__s 591",
    "Data_Source 592, Data_Processing_Basis 593, Data_Processing_Basis_Details 594, Visitor_Score 595, Referrer 596, Full_Name 597",
    "First_Visited_URL 598, First_Visited_Time 599, Last_Visited_Time 600, Days_Visited 601, Number_Of_Chats 602",
    "Average_Time_Spent_Minutes 603, Currency 604, Exchange_Rate 605, id 680, Owner 681, Created_By 682, Modified_By 683",
    "Created_Time 684, Modified_Time 685, Tag 686, Record_Status__s 687, Locked__s 688",
  ],
  Accounts: [
    "127 2177",
    "Account_Name 1200, Account_Number 1201, Account_Site 1202, Account_Type 1203, Parent_Account 1204, Industry 1205",
    "Ownership 1206, Rating 1207, Annual_Revenue 1208, Employees 1209, SIC_Code 1210, Ticker_Symbol 1211, Phone 1212, Fax 1213",
    "Website 1214, Billing_Street 1215, Shipping_Street 1216, Billing_City 1217, Shipping_City 1218, Billing_State 1219",
    "Shipping_State 1220, Billing_Code 1221, Shipping_Code 1222, Billing_Country 1223, Shipping_Country 1224, Description 1225",
    "Record_Image 1226, Territories 1227, Last_Activity_Time 1228, Change_Log_Time__s 1229, Last_Enriched_Time__s 1230",
    "Enrich_Status__s 1231, Currency 1232, Exchange_Rate 1233, id 1380, Owner 1381, Created_By 1382, Modified_By 1383",
    "Created_Time 1384, Modified_Time 1385, Tag 1386, Record_Status__s 1387, Locked__s 1388",
  ],
  Contacts: [
    "129 2179",
    "Salutation 1000, First_Name 1001, Last_Name 1002, Full_Name 1003, Account_Name 1004, Vendor_Name 1005, Reporting_To 1006",
    "Reports_To 1007, Email 1008, Secondary_Email 1009, Title 1010, Department 1011, Phone 1012, Home_Phone 1013, Other_Phone 1014",
    "Mobile 1015, Fax 1016, Assistant 1017, Asst_Phone 1018, Date_of_Birth 1019, Lead_Source 1020, Skype_ID 1021, Twitter 1022",
    "Mailing_Street 1023, Mailing_City 1024, Mailing_State 1025, Mailing_Zip 1026, Mailing_Country 1027, Other_Street 1028",
    "Other_City 1029, Other_State 1030, Other_Zip 1031, Other_Country 1032, Description 1033, Email_Opt_Out 1034",
    "Unsubscribed_Mode 1035, Unsubscribed_Time 1036, Record_Image 1037, Territories 1038, Last_Activity_Time 1039",
    "Change_Log_Time__s 1040, Last_Enriched_Time__s 1041, Enrich_Status__s 1042, Data_Source 1043, Data_Processing_Basis 1044",
    "Data_Processing_Basis_Details 1045, Visitor_Score 1046, Referrer 1047, First_Visited_URL 1048, First_Visited_Time 1049",
    "Last_Visited_Time 1050, Days_Visited 1051, Number_Of_Chats 1052, Average_Time_Spent_Minutes 1053, id 1180, Owner 1181",
    "Created_By 1182, Modified_By 1183, Created_Time 1184, Modified_Time 1185, Tag 1186, Record_Status__s 1187, Locked__s 1188",
  ],
  Deals: [
    "131 2181",
    "Deal_Name 501, Contact_Name 502, Amount 503, Closing_Date 504, Pipeline 505, Probability 506, Expected_Revenue 507, Type 508",
    "Campaign_Source 509, Next_Step 510, Reason_For_Loss__s 511, Description 512, Territory 513, Lead_Conversion_Time 514",
    "Sales_Cycle_Duration 515, Overall_Sales_Duration 516, Last_Activity_Time 517, Change_Log_Time__s 518, Currency 519",
    "Exchange_Rate 520, Account_Name 523, Stage 525, Lead_Source 535, id 540, Owner 541, Created_By 542, Modified_By 543",
    "Created_Time 544, Modified_Time 545, Tag 546, Record_Status__s 547, Locked__s 548",
  ],
  Campaigns: [
    "133 2183",
    "Campaign_Name 1400, Type 1401, Status 1402, Start_Date 1403, End_Date 1404, Expected_Revenue 1405, Budgeted_Cost 1406",
    "Actual_Cost 1407, Expected_Response 1408, Num_sent 1409, Parent_Campaign 1410, Description 1411, Currency 1412",
    "Exchange_Rate 1413, id 1580, Owner 1581, Created_By 1582, Modified_By 1583, Created_Time 1584, Modified_Time 1585, Tag 1586",
    "Record_Status__s 1587",
  ],
  Forecasts: ["135 2185"],
  Reports: ["137 2187"],
  Analytics: ["139 2189"],
  Tasks: [
    "143 2193",
    "Subject 1600, Due_Date 1601, Who_Id 1602, What_Id 1603, Status 1604, Priority 1605, Send_Notification_Email 1606",
    "Remind_At 1607, Recurring_Activity 1608, Closed_Time 1609, Description 1610, id 1780, Owner 1781, Created_By 1782",
    "Modified_By 1783, Created_Time 1784, Modified_Time 1785, Tag 1786, Record_Status__s 1787, Locked__s 1788",
  ],
  Events: [
    "145 2195",
    "Event_Title 1800, Start_DateTime 1801, End_DateTime 1802, All_day 1803, Venue 1804, Who_Id 1805, What_Id 1806",
    "Participants 1807, Remind_At 1808, Remind_Participants 1809, Recurring_Activity 1810, Description 1811, Check_In_Time 1812",
    "Check_In_By 1813, Check_In_Comment 1814, Check_In_Status 1815, Check_In_Address 1816, Check_In_Sub_Locality 1817",
    "Check_In_City 1818, Check_In_State 1819, Check_In_Country 1820, ZIP_Code 1821, Latitude 1822, Longitude 1823, id 1980",
    "Owner 1981, Created_By 1982, Modified_By 1983, Created_Time 1984, Modified_Time 1985, Tag 1986, Record_Status__s 1987",
  ],
  Notes: [
    "147 2197",
    "Note_Title 5400, Note_Content 5401, Parent_Id 5402, Associated_Id__s 5403, id 5580, Owner 5581, Created_By 5582",
    "Modified_By 5583, Created_Time 5584, Modified_Time 5585, Record_Status__s 5587",
  ],
  Feeds: ["149 2199"],
  Documents: ["151 2201"],
  SalesInbox: ["153 2203"],
  Social: ["155 2205"],
  Projects: ["157 2207"],
  Cases: [
    "159 2209",
    "Case_Number 2200, Subject 2201, Status 2202, Priority 2203, Type 2204, Case_Origin 2205, Case_Reason 2206, Product_Name 2207",
    "Account_Name 2208, Related_To 2209, Deal_Name 2210, Reported_By 2211, Email 2212, Phone 2213, Description 2214",
    "Internal_Comments 2215, Solution 2216, Add_Comment 2217, Comments 2218, No_of_comments 2219, id 2380, Owner 2381",
    "Created_By 2382, Modified_By 2383, Created_Time 2384, Modified_Time 2385, Tag 2386, Record_Status__s 2387, Locked__s 2388",
  ],
  Solutions: [
    "161 2211",
    "Solution_Number 2400, Solution_Title 2401, Status 2402, Product_Name 2403, Published 2404, Question 2405, Answer 2406",
    "Add_Comment 2407, Comments 2408, No_of_comments 2409, id 2580, Owner 2581, Created_By 2582, Modified_By 2583",
    "Created_Time 2584, Modified_Time 2585, Tag 2586, Record_Status__s 2587, Locked__s 2588",
  ],
  Products: [
    "163 2213",
    "Product_Name 2600, Product_Code 2601, Product_Active 2602, Product_Category 2603, Manufacturer 2604, Vendor_Name 2605",
    "Sales_Start_Date 2606, Sales_End_Date 2607, Support_Start_Date 2608, Support_Expiry_Date 2609, Unit_Price 2610",
    "Commission_Rate 2611, Taxable 2612, Tax 2613, Usage_Unit 2614, Qty_in_Stock 2615, Qty_in_Demand 2616, Qty_Ordered 2617",
    "Reorder_Level 2618, Handler 2619, Record_Image 2620, Description 2621, id 2780, Owner 2781, Created_By 2782, Modified_By 2783",
    "Created_Time 2784, Modified_Time 2785, Tag 2786, Record_Status__s 2787, Locked__s 2788",
  ],
  Vendors: [
    "165 2215",
    "Vendor_Name 2800, Category 2801, GL_Account 2802, Email 2803, Phone 2804, Website 2805, Street 2806, City 2807, State 2808",
    "Zip_Code 2809, Country 2810, Description 2811, Email_Opt_Out 2812, Unsubscribed_Mode 2813, Unsubscribed_Time 2814",
    "Record_Image 2815, id 2980, Owner 2981, Created_By 2982, Modified_By 2983, Created_Time 2984, Modified_Time 2985, Tag 2986",
    "Record_Status__s 2987, Locked__s 2988",
  ],
  Price_Books: [
    "167 2217",
    "Price_Book_Name 3000, Active 3001, Pricing_Model 3002, Pricing_Details 3003, Description 3004, id 3180, Owner 3181",
    "Created_By 3182, Modified_By 3183, Created_Time 3184, Modified_Time 3185, Tag 3186, Record_Status__s 3187, Locked__s 3188",
  ],
  Quotes: [
    "169 2219",
    "Quote_Number 3200, Subject 3201, Deal_Name 3202, Quote_Stage 3203, Team 3204, Carrier 3205, Valid_Till 3206",
    "Contact_Name 3207, Account_Name 3208, Billing_Street 3209, Shipping_Street 3210, Billing_City 3211, Shipping_City 3212",
    "Billing_State 3213, Shipping_State 3214, Billing_Code 3215, Shipping_Code 3216, Billing_Country 3217, Shipping_Country 3218",
    "Quoted_Items 3219, Sub_Total 3220, Discount 3221, Tax 3222, Adjustment 3223, Grand_Total 3224, Terms_and_Conditions 3225",
    "Description 3226, Currency 3227, Exchange_Rate 3228, id 3380, Owner 3381, Created_By 3382, Modified_By 3383",
    "Created_Time 3384, Modified_Time 3385, Tag 3386, Record_Status__s 3387, Locked__s 3388",
  ],
  Sales_Orders: [
    "171 2221",
    "SO_Number 3400, Subject 3401, Deal_Name 3402, Quote_Name 3403, Customer_No 3404, Purchase_Order 3405, Due_Date 3406",
    "Pending 3407, Carrier 3408, Status 3409, Contact_Name 3410, Account_Name 3411, Excise_Duty 3412, Sales_Commission 3413",
    "Billing_Street 3414, Shipping_Street 3415, Billing_City 3416, Shipping_City 3417, Billing_State 3418, Shipping_State 3419",
    "Billing_Code 3420, Shipping_Code 3421, Billing_Country 3422, Shipping_Country 3423, Ordered_Items 3424, Sub_Total 3425",
    "Discount 3426, Tax 3427, Adjustment 3428, Terms_and_Conditions 3429, Description 3430, Currency 3431, Exchange_Rate 3432",
    "id 3580, Owner 3581, Created_By 3582, Modified_By 3583, Created_Time 3584, Modified_Time 3585, Tag 3586",
    "Record_Status__s 3587, Locked__s 3588",
  ],
  Purchase_Orders: [
    "173 2223",
    "PO_Number 3600, Subject 3601, Vendor_Name 3602, Contact_Name 3603, Requisition_No 3604, Tracking_Number 3605, PO_Date 3606",
    "Due_Date 3607, Carrier 3608, Status 3609, Excise_Duty 3610, Sales_Commission 3611, Billing_Street 3612, Shipping_Street 3613",
    "Billing_City 3614, Shipping_City 3615, Billing_State 3616, Shipping_State 3617, Billing_Code 3618, Shipping_Code 3619",
    "Billing_Country 3620, Shipping_Country 3621, Purchase_Items 3622, Sub_Total 3623, Discount 3624, Tax 3625, Adjustment 3626",
    "Grand_Total 3627, Terms_and_Conditions 3628, Description 3629, Currency 3630, Exchange_Rate 3631, id 3780, Owner 3781",
    "Created_By 3782, Modified_By 3783, Created_Time 3784, Modified_Time 3785, Tag 3786, Record_Status__s 3787, Locked__s 3788",
  ],
  Invoices: [
    "175 2225",
    "Invoice_Number 3800, Subject 3801, Sales_Order 3802, Purchase_Order 3803, Invoice_Date 3804, Due_Date 3805, Status 3806",
    "Excise_Duty 3807, Sales_Commission 3808, Contact_Name 3809, Account_Name 3810, Billing_Street 3811, Shipping_Street 3812",
    "Billing_City 3813, Shipping_City 3814, Billing_State 3815, Shipping_State 3816, Billing_Code 3817, Shipping_Code 3818",
    "Billing_Country 3819, Shipping_Country 3820, Invoiced_Items 3821, Sub_Total 3822, Discount 3823, Tax 3824, Adjustment 3825",
    "Grand_Total 3826, Terms_and_Conditions 3827, Description 3828, Currency 3829, Exchange_Rate 3830, id 3980, Owner 3981",
    "Created_By 3982, Modified_By 3983, Created_Time 3984, Modified_Time 3985, Tag 3986, Record_Status__s 3987, Locked__s 3988",
  ],
  Attachments: [
    "177 2227",
    "File_Name 5600, Size 5601, Parent_Id 5602, id 5780, Owner 5781, Created_By 5782, Modified_By 5783, Created_Time 5784",
    "Modified_Time 5785, Record_Status__s 5787",
  ],
  Emails: ["179 2229"],
  Calls: [
    "33015 33015",
    "Subject 2000, Call_Type 2001, Call_Start_Time 2002, Call_Duration 2003, Call_Duration_in_seconds 2004, Call_Purpose 2005",
    "Call_Agenda 2006, Call_Result 2007, Outgoing_Call_Status 2008, Scheduled_In_CRM 2009, Who_Id 2010, What_Id 2011",
    "Reminder 2012, Caller_ID 2013, Dialled_Number 2014, CTI_Entry 2015, Voice_Recording__s 2016, Description 2017, id 2180",
    "Owner 2181, Created_By 2182, Modified_By 2183, Created_Time 2184, Modified_Time 2185, Tag 2186, Record_Status__s 2187",
  ],
  Quoted_Items: [
    "233001 233001",
    "Product_Name 4000, Parent_Id 4001, Price_Book_Name 4002, Quantity 4003, List_Price 4004, Discount 4005, Tax 4006, Total 4007",
    "Total_After_Discount 4008, Net_Total 4009, Sequence_Number 4010, Description 4011, id 4180, Created_By 4182, Modified_By 4183",
    "Created_Time 4184, Modified_Time 4185",
  ],
  Ordered_Items: [
    "233419 233419",
    "Product_Name 4200, Parent_Id 4201, Price_Book_Name 4202, Quantity 4203, List_Price 4204, Discount 4205, Tax 4206, Total 4207",
    "Total_After_Discount 4208, Net_Total 4209, Sequence_Number 4210, Description 4211, id 4380, Created_By 4382, Modified_By 4383",
    "Created_Time 4384, Modified_Time 4385",
  ],
  Purchase_Items: [
    "233837 233837",
    "Product_Name 4400, Parent_Id 4401, Price_Book_Name 4402, Quantity 4403, List_Price 4404, Discount 4405, Tax 4406, Total 4407",
    "Total_After_Discount 4408, Net_Total 4409, Sequence_Number 4410, Description 4411, id 4580, Created_By 4582, Modified_By 4583",
    "Created_Time 4584, Modified_Time 4585",
  ],
  Invoiced_Items: [
    "234255 234255",
    "Product_Name 4600, Parent_Id 4601, Price_Book_Name 4602, Quantity 4603, List_Price 4604, Discount 4605, Tax 4606, Total 4607",
    "Total_After_Discount 4608, Net_Total 4609, Sequence_Number 4610, Description 4611, id 4780, Created_By 4782, Modified_By 4783",
    "Created_Time 4784, Modified_Time 4785",
  ],
  Services__s: [
    "2362022 2362022",
    "Service_Name 4800, Duration 4801, Location 4802, Members 4803, Price 4804, Availability_Type 4805, Available_Days 4806",
    "Available_Dates 4807, Available_From 4808, Available_Till 4809, Available_Timings 4810, Unavailable_From 4811",
    "Unavailable_Till 4812, Status 4813, Tax 4814, Job_Sheet_Required 4815, Job_Sheet_Section__s 4816, Record_Image 4817",
    "Description 4818, id 4980, Owner 4981, Created_By 4982, Modified_By 4983, Created_Time 4984, Modified_Time 4985, Tag 4986",
    "Record_Status__s 4987",
  ],
  Appointments__s: [
    "2362026 2362026",
    "Appointment_Name 5000, Service_Name 5001, Appointment_For 5002, Appointment_Start_Time 5003, Appointment_End_Time 5004",
    "Duration 5005, Location 5006, Address 5007, Status 5008, Remind_At 5009, Additional_Information 5010",
    "Cancellation_Reason 5011, Cancellation_Note 5012, Cancelled_Time 5013, Cancelled_By 5014, Reschedule_Reason 5015",
    "Reschedule_Note 5016, Rescheduled_From 5017, Rescheduled_To 5018, Rescheduled_Time 5019, Rescheduled_By 5020",
    "Reschedule_Count 5021, Job_Sheet_Created__s 5022, Job_Sheet_Name__s 5023, Job_Sheet_Section__s 5024",
    "Job_Sheet_Description__s 5025, id 5180, Owner 5181, Created_By 5182, Modified_By 5183, Created_Time 5184, Modified_Time 5185",
    "Tag 5186, Record_Status__s 5187",
  ],
  Appointments_Rescheduled_History__s: [
    "2365262 2365262",
    "Appointment_Name 5200, Rescheduled_Time 5201, Rescheduled_By 5202, Rescheduled_From 5203, Rescheduled_To 5204",
    "Reschedule_Reason 5205, Reschedule_Note 5206, id 5380, Owner 5381, Created_By 5382, Modified_By 5383, Created_Time 5384",
    "Modified_Time 5385, Record_Status__s 5387",
  ],
};

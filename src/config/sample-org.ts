/**
 * What `watchpost dev` starts with when no seed is given: one org with the zgid of the v6 documentation's samples, so that its ids are the
 * ones printed there, and a client whose credentials are fixed. They are known to everybody and for development only.
 */
import type { Seed, SeedClient } from "../core/seed.ts";
import { defaultScopes } from "./seed-parser.ts";

const ownerEmail = "owner@acme.example";

export const sampleClient: SeedClient = {
  clientId: "1000.DEV0000000000000000000000000ID",
  clientSecret: "dev0000000000000000000000000000000secret",
  userEmail: ownerEmail,
  scopes: defaultScopes,
  refreshToken: "1000.dev00000000000000000000000000000.000000000000000000000000refresh",
  grantToken: "1000.dev00000000000000000000000000000.00000000000000000000000000grant",
  redirectUri: null,
};

export const sampleSeed: Seed = {
  orgs: [
    {
      path: "$",
      name: "Acme",
      zgid: "554023000",
      timeZone: "Asia/Kolkata",
      currency: "USD",
      users: [{ email: ownerEmail, firstName: "Ada", lastName: "Owner" }],
      clients: [sampleClient],
      modules: [],
      records: [
        {
          module: "Accounts",
          items: [
            { Account_Name: "Initech", Industry: "Service Provider", Billing_City: "Austin", Employees: 120 },
            { Account_Name: "Globex", Industry: "Large Enterprise", Billing_City: "Springfield", Employees: 4_200 },
          ],
        },
        {
          module: "Contacts",
          items: [
            { Last_Name: "Purchasing", Email: "purchasing@initech.example", Department: "Purchasing" },
            { Last_Name: "Engineering", Email: "engineering@globex.example", Department: "Engineering" },
          ],
        },
        {
          module: "Deals",
          items: [
            { Deal_Name: "Initech renewal", Stage: "Qualification", Probability: 10, Amount: 12_500, Closing_Date: "2027-03-31" },
            { Deal_Name: "Globex rollout", Stage: "Needs Analysis", Probability: 20, Amount: 84_000, Closing_Date: "2027-06-30" },
            { Deal_Name: "Globex pilot", Stage: "Value Proposition", Probability: 40, Amount: 9_900, Closing_Date: "2027-01-29" },
          ],
        },
        {
          module: "Leads",
          items: [
            { Last_Name: "Front desk", Company: "Umbrella Gardens", Lead_Source: "Web Download" },
            { Last_Name: "Bookings", Company: "North Ferry", Lead_Source: "Trade Show" },
          ],
        },
      ],
    },
  ],
};

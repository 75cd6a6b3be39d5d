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
  name: "Sample client",
  userEmail: ownerEmail,
  acts: "alone",
  scopes: defaultScopes,
  refreshToken: "1000.dev00000000000000000000000000000.000000000000000000000000refresh",
  grantToken: "1000.dev00000000000000000000000000000.00000000000000000000000000grant",
  redirectUri: null,
};

/** A client for the sign-in page; its users come back to the address of the receiver that `watchpost dev` suggests. */
export const sampleWebClient: SeedClient = {
  clientId: "1000.DEVWEB000000000000000000000000ID",
  clientSecret: "devweb0000000000000000000000000000secret",
  name: "Sample web application",
  userEmail: ownerEmail,
  acts: "with_consent",
  scopes: defaultScopes,
  refreshToken: null,
  grantToken: null,
  redirectUri: "http://127.0.0.1:9000/oauth/callback",
};

/** Of the sample user; the seed has its hash, because making that would be a good part of the first start. */
export const samplePassword = "correct-horse";
const samplePasswordHash = "scrypt$16384$8$5$iavBnU27HWXyVBSyPc08hA$nYWdGkhN4jY8U_63PuEkUBxbTtAAsnwoje0G9nwsG8U";

export const sampleSeed: Seed = {
  orgs: [
    {
      path: "$",
      name: "Acme",
      zgid: "554023000",
      timeZone: "Asia/Kolkata",
      currency: "USD",
      users: [{ email: ownerEmail, firstName: "Ada", lastName: "Owner", password: samplePasswordHash }],
      clients: [sampleClient, sampleWebClient],
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

/** The org as `GET /org` shows it (PROTOCOL F.4). */
import { idOf } from "../core/ids.ts";
import type { Org } from "../core/org.ts";
import { writeDateTime } from "./datetime.ts";
import type { Json } from "./json.ts";

export type OrgContext = {
  /** The address of the org's first user; null while it has none. */
  readonly primaryEmail: string | null;
};

type Currency = { readonly symbol: string; readonly name: string; readonly locale: string };

/** The number of the org itself among its ids: one of those that the catalog leaves free, below the modules. */
const orgSequence = 101;

/** What clients show beside an ISO 4217 code. */
const currencies: Readonly<Record<string, Currency>> = {
  AED: { symbol: "AED", name: "UAE Dirham", locale: "ar_AE" },
  AUD: { symbol: "A$", name: "Australian Dollar", locale: "en_AU" },
  BRL: { symbol: "R$", name: "Brazilian Real", locale: "pt_BR" },
  CAD: { symbol: "CA$", name: "Canadian Dollar", locale: "en_CA" },
  CHF: { symbol: "CHF", name: "Swiss Franc", locale: "de_CH" },
  CNY: { symbol: "¥", name: "Chinese Yuan", locale: "zh_CN" },
  EUR: { symbol: "€", name: "Euro", locale: "de_DE" },
  GBP: { symbol: "£", name: "British Pound", locale: "en_GB" },
  INR: { symbol: "₹", name: "Indian Rupee", locale: "en_IN" },
  JPY: { symbol: "¥", name: "Japanese Yen", locale: "ja_JP" },
  MXN: { symbol: "MX$", name: "Mexican Peso", locale: "es_MX" },
  NZD: { symbol: "NZ$", name: "New Zealand Dollar", locale: "en_NZ" },
  SEK: { symbol: "kr", name: "Swedish Krona", locale: "sv_SE" },
  SGD: { symbol: "S$", name: "Singapore Dollar", locale: "en_SG" },
  USD: { symbol: "$", name: "US Dollar", locale: "en_US" },
  ZAR: { symbol: "R", name: "South African Rand", locale: "en_ZA" },
};

/** How amounts in the currency are marked; the code itself where no sign is known. */
export function currencySymbol(isoCode: string): string {
  return currencyOf(isoCode).symbol;
}

/** The one entry of `org`. What is not kept here prints as null, `false`, or the free edition's figure. */
export function renderOrg(org: Org, context: OrgContext): Json {
  const currency = currencyOf(org.currency);
  return {
    id: idOf(org.zgid, orgSequence),
    zgid: org.zgid,
    company_name: org.name,
    alias: null,
    type: "production",
    currency: currency.name,
    currency_symbol: currency.symbol,
    currency_locale: currency.locale,
    iso_code: org.currency,
    time_zone: org.timeZone,
    country: null,
    country_code: null,
    city: null,
    state: null,
    street: null,
    zip: null,
    phone: null,
    mobile: null,
    fax: null,
    website: null,
    primary_email: context.primaryEmail,
    primary_zuid: null,
    employee_count: null,
    description: null,
    photo_id: null,
    mc_status: false,
    privacy_settings: false,
    gapps_enabled: false,
    translation_enabled: false,
    hipaa_compliance_enabled: false,
    deletable_org_account: false,
    domain_name: `org${org.zgid}`,
    zia_portal_id: null,
    hierarchy_preferences: { type: "Role_Hierarchy" },
    license_details: {
      paid: false,
      paid_type: "free",
      paid_expiry: null,
      trial_type: null,
      trial_expiry: null,
      users_license_purchased: null,
      portal_users_license_purchased: null,
    },
    created_time: writeDateTime(org.createdAt, org.timeZone),
    lite_users_enabled: false,
  };
}

function currencyOf(isoCode: string): Currency {
  const known = Object.hasOwn(currencies, isoCode) ? currencies[isoCode] : undefined;
  return known ?? { symbol: isoCode, name: isoCode, locale: "en_US" };
}

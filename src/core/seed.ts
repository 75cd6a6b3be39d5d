/** What a seed file says, once it has been read (`config/seed-file.ts`): orgs with what they start with. */

export type SeedUser = { readonly email: string; readonly firstName: string | null; readonly lastName: string };

export type SeedClient = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userEmail: string;
  readonly scopes: readonly string[];
  /** null: none. */
  readonly refreshToken: string | null;
  readonly grantToken: string | null;
  readonly redirectUri: string | null;
};

export type SeedField = {
  readonly apiName: string;
  readonly label: string;
  readonly dataType: string;
  readonly length: number | null;
  readonly isMandatory: boolean;
  readonly pickListValues: readonly string[];
  readonly lookupModule: string | null;
};

export type SeedModule = {
  readonly apiName: string;
  readonly singularLabel: string;
  readonly pluralLabel: string;
  readonly fields: readonly SeedField[];
};

export type SeedOrg = {
  /** Where the org stands in the seed: `$`, or `$.orgs[1]`. */
  readonly path: string;
  readonly name: string;
  readonly zgid: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly users: readonly SeedUser[];
  readonly clients: readonly SeedClient[];
  /** A module with the name of a standard one adds its fields to it. */
  readonly modules: readonly SeedModule[];
  /** By module, in file order; each record as a request would send it. */
  readonly records: readonly { readonly module: string; readonly items: readonly Readonly<Record<string, unknown>>[] }[];
};

export type Seed = { readonly orgs: readonly SeedOrg[] };

/** What a seed file says, once it has been read (`config/seed-file.ts`): orgs with what they start with. */

export type SeedUser = {
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string;
  /** For the sign-in page: the password, or its hash in the form that the store keeps. null: the user cannot sign in. */
  readonly password: string | null;
};

export type SeedClient = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** For people; null: its id. */
  readonly name: string | null;
  /** Whom its seeded tokens stand for. */
  readonly userEmail: string;
  /** `alone`: it also gets tokens of that user by its own credentials. `with_consent`: only users who agree give it tokens. */
  readonly acts: "alone" | "with_consent";
  readonly scopes: readonly string[];
  /** null: none. */
  readonly refreshToken: string | null;
  readonly grantToken: string | null;
  /** Where the sign-in page may lead back to; null: the client cannot use it. */
  readonly redirectUri: string | null;
};

export type SeedField = {
  readonly apiName: string;
  readonly label: string;
  readonly dataType: string;
  readonly length: number | null;
  readonly isMandatory: boolean;
  /** Left out: no. */
  readonly isUnique?: boolean;
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
  /** Where the org is told of its channels' expiry. Left out: nowhere. */
  readonly lifecycleUrl?: string;
  readonly users: readonly SeedUser[];
  readonly clients: readonly SeedClient[];
  /** A module with the name of a standard one adds its fields to it. */
  readonly modules: readonly SeedModule[];
  /** By module, in file order; each record as a request would send it. */
  readonly records: readonly { readonly module: string; readonly items: readonly Readonly<Record<string, unknown>>[] }[];
};

export type Seed = { readonly orgs: readonly SeedOrg[] };

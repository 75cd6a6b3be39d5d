/** An org is a tenant; a user belongs to one org and owns what it subscribes. */
import type { Id } from "./ids.ts";

/** The store's own small number of an org; the first column of every primary key. */
export type OrgKey = number;

export type Org = {
  readonly key: OrgKey;
  /** The org's public number, and the prefix of its ids. */
  readonly zgid: string;
  readonly name: string;
  /** IANA name; the times in answers are written in it. */
  readonly timeZone: string;
  /** ISO 4217 code. */
  readonly currency: string;
  readonly createdAt: number;
};

export const userStatuses = ["active", "inactive", "deleted"] as const;
export type UserStatus = (typeof userStatuses)[number];

export type User = {
  readonly id: Id;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string;
  readonly status: UserStatus;
  /** Further text keys of the wire (phone, city, alias…), kept as they came. */
  readonly more: Readonly<Record<string, string | null>>;
  readonly createdAt: number;
  /** null: made by the seed. */
  readonly createdBy: Id | null;
  readonly modifiedAt: number;
  readonly modifiedBy: Id | null;
};

/** First and last name, as the wire prints a user. */
export function fullName(user: Pick<User, "firstName" | "lastName">): string {
  return user.firstName === null ? user.lastName : `${user.firstName} ${user.lastName}`;
}

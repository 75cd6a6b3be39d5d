/** The schema, as numbered steps that only go forward. CHECK constraints hold the states; the code is the second lock. */
import type { Migration } from "kysely/migration";
import { first } from "./migrations/0001-first.ts";
import { history } from "./migrations/0002-history.ts";
import { lifecycle } from "./migrations/0003-lifecycle.ts";
import { access } from "./migrations/0004-access.ts";
import { census } from "./migrations/0005-census.ts";
import { inHand } from "./migrations/0006-in-hand.ts";
import { waysToRead } from "./migrations/0007-ways-to-read.ts";

export const migrations: Record<string, Migration> = {
  "0001_first": first,
  "0002_history": history,
  "0003_lifecycle": lifecycle,
  "0004_access": access,
  "0005_census": census,
  "0006_in_hand": inHand,
  "0007_ways_to_read": waysToRead,
};

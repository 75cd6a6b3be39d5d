/** Which function runs which command. */
import { applySeed } from "./apply-seed.ts";
import type { CommandName, Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { claimDeliveries, settleDeliveries } from "./hand-out.ts";
import { addAdminToken, findPrincipal, hasAdminToken, issueToken } from "./issue-tokens.ts";
import { getOrg, getUser, listUsers, writeUsers } from "./manage-users.ts";
import { getDelivery, listAllChannels, listDeliveries, revealSecret } from "./operate.ts";
import { getField, getModule, listFields, listModules } from "./read-metadata.ts";
import { getRecord, listRecords } from "./read-records.ts";
import { disableChannels, listChannels, writeChannels } from "./watch-channels.ts";
import { writeRecords } from "./write-records.ts";

export type UseCase<N extends CommandName> = (context: Context, input: Input<N>) => Promise<Output<N>>;

export const useCases: { readonly [N in CommandName]: UseCase<N> } = {
  "seed.apply": applySeed,
  "oauth.token": issueToken,
  "auth.principal": findPrincipal,
  "admin.addToken": addAdminToken,
  "admin.hasToken": hasAdminToken,
  "records.write": writeRecords,
  "records.get": getRecord,
  "records.list": listRecords,
  "metadata.modules": listModules,
  "metadata.module": getModule,
  "metadata.fields": listFields,
  "metadata.field": getField,
  "users.list": listUsers,
  "users.get": getUser,
  "users.write": writeUsers,
  "org.get": getOrg,
  "watch.write": writeChannels,
  "watch.list": listChannels,
  "watch.disable": disableChannels,
  "dispatch.claim": claimDeliveries,
  "dispatch.settle": settleDeliveries,
  "operate.deliveries": listDeliveries,
  "operate.delivery": getDelivery,
  "operate.channels": listAllChannels,
  "operate.revealSecret": revealSecret,
};

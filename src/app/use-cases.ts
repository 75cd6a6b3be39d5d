/** Which function runs which command. */
import { signIn, signOut, useSession } from "./console-sessions.ts";
import { addAudit, listAudit } from "./audit.ts";
import { checkMessage } from "./check-message.ts";
import { listClients, listTokens, listUserAccounts, makeClient, makeToken, revokeAccessToken, revokeClient } from "./manage-access.ts";
import { takeOverview } from "./overview.ts";
import { applySeed } from "./apply-seed.ts";
import { writeFields } from "./change-fields.ts";
import { writeModules } from "./change-modules.ts";
import type { CommandName, Input, Output } from "./commands.ts";
import type { Context } from "./context.ts";
import { revokeToken } from "./end-tokens.ts";
import { findPassword, grantCode, prepareConsent } from "./grant-codes.ts";
import { explainChange, getChange, listChanges } from "./explain-changes.ts";
import { listLifecycleEvents, noticeStep } from "./give-notices.ts";
import { claimDeliveries, queueName, renewClaims, settleDeliveries } from "./hand-out.ts";
import { addAdminToken, findPrincipal, hasAdminToken, showProfile } from "./identify.ts";
import { issueToken } from "./issue-tokens.ts";
import { beatNode, freeClaims, giveUpLead, joinNodes, led, removeNode } from "./keep-nodes.ts";
import { listOrgs, setLifecycleUrl } from "./manage-orgs.ts";
import { getOrg, getUser, listUsers, writeUsers } from "./manage-users.ts";
import { getChannel, getDelivery, listAllChannels, listDeliveries, revealSecret } from "./operate.ts";
import { getField, getModule, listFields, listLayouts, listModules, listRelatedLists } from "./read-metadata.ts";
import { countRecords, getRecord, listDeletedRecords, listRecords } from "./read-records.ts";
import { getRelated, listRelated } from "./read-related.ts";
import { searchRecords } from "./search-records.ts";
import { cancelReplay, countReplay, getReplay, listReplays, makeReplay, replayOne, stepReplays } from "./replay.ts";
import { formKey } from "./signing-key.ts";
import { steerChannel } from "./steer-channels.ts";
import { showContent, skipDelivery, testChannel } from "./steer-deliveries.ts";
import { purgeStep } from "./purge.ts";
import { upsertRecords } from "./upsert-records.ts";
import { disableChannels, listChannels, writeChannels } from "./watch-channels.ts";
import { writeRecords } from "./write-records.ts";
import { beat, countStep } from "./watch-health.ts";
import { writeRelated } from "./write-related.ts";

export type UseCase<N extends CommandName> = (context: Context, input: Input<N>) => Promise<Output<N>>;

export const useCases: { readonly [N in CommandName]: UseCase<N> } = {
  "seed.apply": applySeed,
  "oauth.token": issueToken,
  "oauth.revoke": revokeToken,
  "oauth.prepareConsent": prepareConsent,
  "oauth.findPassword": findPassword,
  "oauth.grantCode": grantCode,
  "oauth.formKey": formKey,
  "oauth.profile": showProfile,
  "auth.principal": findPrincipal,
  "admin.addToken": addAdminToken,
  "admin.hasToken": hasAdminToken,
  "records.write": writeRecords,
  "records.upsert": upsertRecords,
  "records.search": searchRecords,
  "records.get": getRecord,
  "records.list": listRecords,
  "records.count": countRecords,
  "records.deleted": listDeletedRecords,
  "related.list": listRelated,
  "related.get": getRelated,
  "related.write": writeRelated,
  "metadata.modules": listModules,
  "metadata.module": getModule,
  "metadata.fields": listFields,
  "metadata.field": getField,
  "metadata.writeFields": writeFields,
  "metadata.writeModules": writeModules,
  "metadata.layouts": listLayouts,
  "metadata.relatedLists": listRelatedLists,
  "users.list": listUsers,
  "users.get": getUser,
  "users.write": writeUsers,
  "org.get": getOrg,
  "watch.write": writeChannels,
  "watch.list": listChannels,
  "watch.disable": disableChannels,
  "dispatch.claim": claimDeliveries,
  "dispatch.renew": renewClaims,
  "dispatch.queueName": queueName,
  "dispatch.settle": settleDeliveries,
  "retention.purge": led(purgeStep),
  "nodes.join": joinNodes,
  "nodes.beat": beatNode,
  "nodes.remove": removeNode,
  "nodes.free": freeClaims,
  "nodes.giveUpLead": giveUpLead,
  "health.beat": beat,
  "health.count": countStep,
  "operate.deliveries": listDeliveries,
  "operate.delivery": getDelivery,
  "operate.channels": listAllChannels,
  "operate.channel": getChannel,
  "operate.steerChannel": steerChannel,
  "operate.revealSecret": revealSecret,
  "changes.list": listChanges,
  "changes.get": getChange,
  "changes.explain": explainChange,
  "replays.count": countReplay,
  "replays.make": makeReplay,
  "replays.get": getReplay,
  "replays.list": listReplays,
  "replays.cancel": cancelReplay,
  "replays.step": led(stepReplays),
  "deliveries.replay": replayOne,
  "deliveries.skip": skipDelivery,
  "deliveries.content": showContent,
  "channels.test": testChannel,
  "lifecycle.notice": led(noticeStep),
  "lifecycle.events": listLifecycleEvents,
  "lifecycle.orgs": listOrgs,
  "lifecycle.setUrl": setLifecycleUrl,
  "operate.overview": takeOverview,
  "session.signIn": signIn,
  "session.use": useSession,
  "session.signOut": signOut,
  "access.users": listUserAccounts,
  "access.clients": listClients,
  "access.makeClient": makeClient,
  "access.revokeClient": revokeClient,
  "access.tokens": listTokens,
  "access.makeToken": makeToken,
  "access.revokeToken": revokeAccessToken,
  "audit.add": addAudit,
  "audit.list": listAudit,
  "inbox.check": checkMessage,
};

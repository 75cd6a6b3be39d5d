/** The limits that dispatch keeps; a test hands in smaller ones. */
import { limits } from "../core/limits.ts";

export type DispatchLimits = {
  readonly [
    Name in
      | "attemptTimeoutMs"
      | "connectTimeoutMs"
      | "responseBytesReadMax"
      | "responseBytesKeptMax"
      | "responseHeaderBytesKeptMax"
      | "responseHeaderBytesMax"
      | "responseHeaderLinesMax"
      | "errorCharsKeptMax"
      | "deliveriesInFlightMax"
      | "deliveriesInFlightPerOrgMax"
      | "deliveriesInFlightPerOriginMax"
      | "deliveriesInFlightPerChannelMax"
      | "claimsPerSlotMin"
      | "claimsPerSlotMax"
      | "handMs"
      | "claimsOutstandingMax"
      | "handTextMax"
      | "failuresPerOriginMax"
      | "failuresPerChannelMax"
      | "circuitCooldownMs"
      | "circuitCooldownMsMax"
      | "channelRestMsMax"
      | "circuitsMax"
      | "channelOriginsMax"
      | "connectionsPerOriginMax"
      | "originsMax"
      | "targetsKeptMax"
      | "signingKeysKeptMax"
      | "claimBatchMax"
      | "leaseMs"
      | "drainMs"
      | "dispatchBackoffMs"
      | "vainPauseMsMax"
      | "dueKnownMs"
      | "settleLateMs"
  ]: number;
};

/** Of a process that has what is owed to itself: after a claim in vain it need not wait for anybody. */
export const standardLimits: DispatchLimits = { ...limits, vainPauseMsMax: 0 };

/** A process that shares what is owed leaves the others what it cannot send soon. */
export const sharedLimits: Partial<DispatchLimits> = {
  claimsPerSlotMin: limits.sharedClaimsPerSlotMin,
  claimsOutstandingMax: limits.sharedClaimsOutstandingMax,
  vainPauseMsMax: limits.vainPauseMsMax,
};

/** The same where a broker hands out. */
export const brokerLimits: Partial<DispatchLimits> = { ...sharedLimits, claimsPerSlotMin: limits.brokerClaimsPerSlotMin };

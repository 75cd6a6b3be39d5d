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
      | "dueKnownMs"
  ]: number;
};

export const standardLimits: DispatchLimits = limits;

/** A process that shares what is owed leaves the others what it cannot send soon. */
export function sharedLimits(hasBroker: boolean): Partial<DispatchLimits> {
  const { brokerClaimsPerSlotMin, sharedClaimsPerSlotMin, sharedClaimsOutstandingMax: claimsOutstandingMax } = limits;
  return { claimsPerSlotMin: hasBroker ? brokerClaimsPerSlotMin : sharedClaimsPerSlotMin, claimsOutstandingMax };
}

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
      | "claimsPerSlotMax"
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
  ]: number;
};

export const standardLimits: DispatchLimits = limits;

/** Every limit of the kit, named in one place. Units stand last in the name. The kit runs in other people's programs, so it has a table of its own. */

export const kitLimits = {
  /** The receiver. */
  notificationBytesMax: 8 * 1024 * 1024,
  toleranceSeconds: 300,
  /** Signatures in one header, and secrets for one channel: each pair costs an HMAC. */
  signaturesMax: 10,
  secretsMax: 10,
  webhookIdCharsMax: 256,
  /** Ten attempts go over 75 hours, each wait up to a fifth longer. */
  rememberSeconds: 96 * 3_600,
  rememberedIdsMax: 100_000,
  /** How long one notification may be in its handler before another copy of it is let in. */
  claimSeconds: 300,
  busyRetryAfterSeconds: 10,

  /** The client. */
  requestTimeoutMs: 30_000,
  answerBytesMax: 64 * 1024 * 1024,
  /** Requests after the first, when the server asks to wait. */
  retriesMax: 2,
  /** A server that asks for a longer wait is reported, not waited for. */
  retryAfterMsMax: 60_000,
  /** An access token is given up so long before it ends. */
  tokenSlackMs: 60_000,
  rowsPerPageMax: 200,

  /** The channel keeper. */
  lifetimeSlackMs: 5 * 60_000,
  /** What a channel lives for when an answer does not say: the shortest default of any version. */
  unknownLifetimeMs: 3_600_000,
  backoffMsMin: 5_000,
  backoffMsMax: 5 * 60_000,
  renewalPauseMsMin: 1_000,
  checkEveryMs: 3_600_000,
} as const;

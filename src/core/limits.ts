/** Every limit of the program, named in one place. Units stand last in the name. */

export const limits = {
  /** The wire (PROTOCOL A.1, B, C; DESIGN rulings 3 and 8). */
  tokenCharsMax: 50,
  notifyUrlCharsMax: 255,
  watchItemsMax: 50,
  eventsPerItemMax: 50,
  conditionsPerItemMax: 50,
  conditionFieldsMax: 10,
  conditionGroupMembersMax: 2,
  recordsPerWriteMax: 100,
  recordIdsPerRequestMax: 100,
  fieldsPerListMax: 50,
  rowsPerPageMax: 200,
  rowsWithoutPageTokenMax: 2_000,
  usersPerWriteMax: 1,
  deleteChannelIdsMax: 100,

  /** HTTP in. */
  requestBodyBytesMax: 4 * 1024 * 1024,
  requestHeaderBytesMax: 32 * 1024,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 65_000,
  urlCharsMax: 8_192,
  tokenFormFieldsMax: 20,
  cachedTokensMax: 10_000,
  cachedTokenMs: 60_000,

  /** The writer. */
  queuedCommandsMax: 20_000,
  commandsPerCommitMax: 512,
  recordBytesMax: 256 * 1024,

  /** HTTP out. */
  attemptTimeoutMs: 15_000,
  connectTimeoutMs: 5_000,
  responseBytesReadMax: 64 * 1024,
  responseBytesKeptMax: 4 * 1024,
  responseHeaderBytesMax: 32 * 1024,
  errorCharsKeptMax: 300,
  deliveriesInFlightMax: 128,
  deliveriesInFlightPerChannelMax: 16,
  connectionsPerOriginMax: 16,
  originsMax: 256,
  claimBatchMax: 128,
  leaseMs: 60_000,
  drainMs: 20_000,
  dispatchBackoffMs: 1_000,

  /** OAuth (PROTOCOL E.3). */
  accessTokenMs: 3_600_000,
  grantTokenMs: 180_000,

  /** The admin API. */
  deliveriesPerPageMax: 200,
  channelsPerPageMax: 200,
  adminTokensKeptMax: 16,

  /** The seed file. */
  seedFileBytesMax: 32 * 1024 * 1024,
} as const;

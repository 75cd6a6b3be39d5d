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
  /** Groups within groups; ten fields in pairs need nine. */
  conditionDepthMax: 16,
  recordsPerWriteMax: 100,
  recordIdsPerRequestMax: 100,
  fieldsPerListMax: 50,
  rowsPerPageMax: 200,
  rowsWithoutPageTokenMax: 2_000,
  usersPerWriteMax: 1,
  deleteChannelIdsMax: 100,

  /** HTTP in. */
  requestBodyBytesMax: 4 * 1024 * 1024,
  /** Levels of arrays and objects in a body. */
  jsonDepthMax: 64,
  requestHeaderBytesMax: 32 * 1024,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 65_000,
  overloadedRetryAfterSeconds: 1,
  /** How long a connection may stand still, its peer neither sending nor reading. */
  stillSocketMs: 65_000,
  urlCharsMax: 8_192,
  pathParamCharsMax: 200,
  pageMax: 1_000_000,
  connectionsMax: 16_384,
  tokenFormBytesMax: 64 * 1024,
  tokenFormFieldsMax: 20,
  cachedTokensMax: 10_000,
  cachedTokenMs: 60_000,

  /** The writer. */
  queuedCommandsMax: 20_000,
  commandsPerCommitMax: 512,
  recordBytesMax: 256 * 1024,
  userTextCharsMax: 255,

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
  /** The oldest beyond this end early (PROTOCOL E.3: 15 a refresh token). */
  accessTokensPerClientMax: 15,

  /** The admin API. */
  deliveriesPerPageMax: 200,
  channelsPerPageMax: 200,
  adminTokensKeptMax: 16,
  adminTokenCharsMin: 16,
  adminTokenCharsMax: 512,

  /** The seed file. */
  seedFileBytesMax: 32 * 1024 * 1024,
  seedTextCharsMax: 255,
  seedScopeCharsMax: 4_096,
  seedModulesPerOrgMax: 500,
  seedFieldsPerModuleMax: 500,
  seedFieldLengthMax: 32_000,
} as const;

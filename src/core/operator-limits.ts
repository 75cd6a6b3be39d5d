/** The part of `limits.ts` that operators and developers meet: the admin API, the console, what is shown live, the seed file, and what `dev` has besides. */

export const operatorLimits = {
  /** The admin API. */
  deliveriesPerPageMax: 200,
  channelsPerPageMax: 200,
  orgsPerPageMax: 200,
  lifecycleEventsPerPageMax: 200,
  adminBodyBytesMax: 64 * 1024,
  adminTokensKeptMax: 16,
  adminTokenCharsMin: 16,
  adminTokenCharsMax: 512,
  clientNameCharsMax: 255,
  redirectUriCharsMax: 2_048,
  auditEntriesPerPageMax: 200,
  auditPathCharsMax: 200,
  /** Users, clients and tokens of one page. */
  accessRowsPerPageMax: 200,
  cursorCharsMax: 300,

  /** The console's sessions: how long one lives unused, how many there are, and how often its use is written down. */
  consoleSessionIdleMs: 12 * 3_600_000,
  consoleSessionsKeptMax: 100,
  consoleSessionTouchMs: 60_000,
  consoleFormBytesMax: 4 * 1024,
  /** Static files, read at the start. */
  staticFilesMax: 1_000,
  staticBytesMax: 32 * 1024 * 1024,

  /** What a person who looks on is shown. */
  failingCountedMax: 50_000,
  overviewKeptMs: 2_000,
  overviewWaitMs: 2_000,
  expiringSoonMs: 24 * 3_600_000,
  expiringShownMax: 20,
  /** From then on what waits is told of. */
  longWaitMs: 60_000,
  feedStepMs: 5_000,
  feedStepsKept: 720,
  statsPoints: 60,
  streamClientsMax: 32,
  streamHeartbeatMs: 15_000,
  streamStatsMs: 5_000,
  /** Events are gathered for so long, and of those gathered at once so many go out. */
  streamFlushMs: 200,
  streamEventsPerFlushMax: 100,
  /** A client that has so much waiting for it is dropped. */
  streamBytesWaitingMax: 1024 * 1024,
  /** Then it has to ask again, and shows anew that it may. */
  streamMsMax: 3_600_000,

  /** The inbox of `dev`. */
  inboxMessagesMax: 100,
  inboxIdsKeptMax: 10_000,
  inboxBodyBytesMax: 512 * 1024,
  inboxDelayMsMax: 60_000,
  inboxChannelMs: 7 * 24 * 3_600_000,

  /** The virtual clock of `dev`. */
  clockAheadMsMax: 3_650 * 86_400_000,
  /** How long one move may take, in real time. */
  clockMoveMsMax: 60_000,
  clockDueShownMax: 20,
  clockBodyBytesMax: 4 * 1024,

  /** The seed file. */
  seedFileBytesMax: 32 * 1024 * 1024,
  seedTextCharsMax: 255,
  seedScopeCharsMax: 4_096,
  seedModulesPerOrgMax: 500,
  seedFieldsPerModuleMax: 500,
  seedFieldLengthMax: 32_000,
} as const;

/** Every limit of the program, named in one place; what operators and developers meet is in a file of its own. Units stand last in the name. */
import { operatorLimits } from "./operator-limits.ts";

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
  /** Records with the same value that a write looks at: one more than it may change, so that one is left of them. */
  holdersPerKeyMax: 101,
  /** Records that a list sorts: where more are within a bound they are looked for in the list's order. */
  recordsSortedMax: 10_000,
  fieldsPerListMax: 50,
  rowsPerPageMax: 200,
  rowsWithoutPageTokenMax: 2_000,
  /** Page tokens, and how far they reach (PROTOCOL F.1). */
  pageTokenMs: 86_400_000,
  rowsWithPageTokenMax: 100_000,
  /** How long a deleted record is in the bin, and is told of after it (PROTOCOL F.1). */
  recycleBinMs: 60 * 86_400_000,
  permanentlyDeletedMs: 120 * 86_400_000,
  linkTextCharsMax: 255,
  usersPerWriteMax: 1,
  /** Search (PROTOCOL F.1): conditions, values of one, brackets in brackets, and rows that its pages reach. */
  criteriaConditionsMax: 10,
  criterionValuesMax: 100,
  criteriaDepthMax: 16,
  searchCharsMin: 2,
  searchRowsMax: 2_000,
  /** Records looked at in one command of a search, so that a large module does not keep writes waiting. */
  recordsPerSearchStepMax: 500,
  deleteChannelIdsMax: 100,
  /** Custom fields and modules (PROTOCOL F.3; O26). */
  customFieldsPerWriteMax: 5,
  customModulesPerWriteMax: 10,
  customFieldsPerModuleMax: 500,
  customModulesPerOrgMax: 500,
  apiNameCharsMax: 50,
  fieldLabelCharsMax: 100,
  moduleLabelCharsMax: 25,
  /** Those that were removed count too, for their ids stay theirs. */
  pickListValuesMax: 1_000,
  pickListValueCharsMax: 120,
  profilesPerModuleMax: 200,

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
  /** How often connections are looked over for a request that takes too long; its caller waits that much longer at most. */
  connectionsLookMs: 5_000,
  /** A smaller answer fits a packet or two and is sent as it is. */
  compressedBytesMin: 1_024,
  tlsFileBytesMax: 1024 * 1024,

  /** API credits and concurrency, where an operator sets them (PROTOCOL E.6). */
  apiCreditsMax: 1_000_000_000,
  apiConcurrencyMax: 10_000,
  creditWindowMs: 86_400_000,
  /** What was used leaves the window in steps of this length. */
  creditStepMs: 600_000,
  recordsPerCredit: 10,
  tooManyRequestsRetryAfterSeconds: 1,
  tokenFormBytesMax: 64 * 1024,
  tokenFormFieldsMax: 20,
  cachedTokensMax: 10_000,
  cachedTokenMs: 60_000,
  /** The hours of a time zone whose offset is remembered: those of a year. */
  zoneHoursKeptMax: 8_784,

  /** The writer. */
  queuedCommandsMax: 20_000,
  commandsPerCommitMax: 512,
  /**
   * Batches that the store's thread has: one that it runs, and one that waits for it, so that it never waits for the other thread. The second
   * goes when so many commands wait, and half as many as went with the first; each batch costs a commit.
   */
  batchesUnderWayMax: 2,
  commandsPerWaitingBatchMin: 16,
  recordBytesMax: 256 * 1024,
  userTextCharsMax: 255,

  /** HTTP out. */
  attemptTimeoutMs: 15_000,
  connectTimeoutMs: 5_000,
  responseBytesReadMax: 64 * 1024,
  responseBytesKeptMax: 4 * 1024,
  responseHeaderBytesKeptMax: 2 * 1024,
  responseHeaderBytesMax: 16 * 1024,
  /** A hundred lines that come one by one take memory that their bytes do not show. */
  responseHeaderLinesMax: 100,
  retryAfterMaxMs: 86_400_000,
  errorCharsKeptMax: 300,
  /**
   * POSTs under way. An org whose receivers all hang holds half of the slots, so another has as many as it could ever use; a host, however
   * many channels point to it, holds a quarter of all and half of its org's; a channel a quarter of its host's. The numbers are powers of
   * two above what two cores send: at 64 slots a host that takes 50 ms gets 1,280 a second.
   */
  deliveriesInFlightMax: 256,
  deliveriesInFlightPerOrgMax: 128,
  deliveriesInFlightPerOriginMax: 64,
  deliveriesInFlightPerChannelMax: 16,
  /**
   * Claims in hand for each slot of those bounds: what can be sent while the next commit is made, so that commits are few and large. Where a
   * receiver is so slow that a lease would end before its POST could begin, the claim is given back. Where several processes share the deliveries, what
   * one holds in hand the others cannot send meanwhile: so many for each slot until it is known how long receivers take, and then what it sends in so
   * long. Alone a process holds as many as it may. Where a broker hands out, in messages of many, what has no room goes back to the store.
   */
  claimsPerSlotMax: 64,
  claimsPerSlotMin: 64,
  sharedClaimsPerSlotMin: 2,
  brokerClaimsPerSlotMin: 16,
  handMs: 250,
  /** Claims that are asked for at once, one with each batch; where several processes ask, one of each. Each takes what has room by itself. */
  claimsOutstandingMax: 2,
  sharedClaimsOutstandingMax: 1,
  /** At most so long between claims that gave nothing of what was due, where several processes claim: another may be taking it just now. */
  vainPauseMsMax: 64,
  /** As many as may be under way, so that no POST spends its time waiting for a connection. */
  connectionsPerOriginMax: 64,
  originsMax: 256,
  /** Targets and signing keys that are kept ready. */
  targetsKeptMax: 4_096,
  signingKeysKeptMax: 4_096,
  /** Channels that are read into memory in one step at an org's first write after a start; it takes 25 ms or so, and every command waits for it. */
  channelsPerReadMax: 10_000,
  /** Different subscriptions that are kept while channels are read. */
  channelStancesKeptMax: 1_000,
  /** Channels whose target and health the store remembers, and lanes of which it knows when they are next. */
  channelTargetsKeptMax: 20_000,
  lanesKeptMax: 20_000,
  claimBatchMax: 4_096,
  /** Texts of claims, in UTF-16 units: what one claim takes, and what may be in hand before nothing more is claimed. */
  claimTextMax: 8 * 1024 * 1024,
  handTextMax: 64 * 1024 * 1024,
  /** Channels that one claim looks at in vain, because their origin has no room. */
  lanesPassedOverMax: 64,
  /** Circuits (docs/operations.md). More failures in a row than half a channel's slots: a bunch that was sent together does it once. */
  failuresPerOriginMax: 10,
  failuresPerChannelMax: 10,
  circuitCooldownMs: 5_000,
  /** A target that is back is found within six minutes; one that hangs holds one slot for 15 seconds in five minutes. */
  circuitCooldownMsMax: 300_000,
  /** How long a channel at most sends nothing because one answer asked to wait; the delivery itself waits longer when it was asked to. */
  channelRestMsMax: 3_600_000,
  /** Circuits of each kind that are remembered, and channels of which the origin is. */
  circuitsMax: 4_096,
  channelOriginsMax: 20_000,
  /** What a channel with a backlog is given in one turn. */
  claimsPerTurnMax: 128,
  /** How many channels an org is served in one turn, and how many orgs one claim looks at. */
  lanesPerTurnMax: 4,
  /** Lanes that one statement of a claim looks at, where a statement is a way to a server and back. */
  lanesPerStatementMax: 64,
  orgsPerClaimMax: 1_000,
  leaseMs: 60_000,
  drainMs: 20_000,
  dispatchBackoffMs: 1_000,
  /** For so long after a look a claim that goes along with a batch need not look again for what else is due. */
  dueKnownMs: 1_000,
  /** A channel to which nothing could be delivered for so long is disabled, unless said. */
  failingMs: 5 * 24 * 3_600_000,
  /** How long the old signing secret signs along with the new one, unless said. */
  secretOverlapMs: 24 * 3_600_000,
  secretOverlapMsMax: 7 * 24 * 3_600_000,
  /** How long deliveries, attempts, changes and expired channels are kept, and how long dead deliveries, unless said. */
  historyMs: 7 * 24 * 3_600_000,
  deadMs: 30 * 24 * 3_600_000,
  /** What an operator may set these spans to. */
  spanMsMin: 3_600_000,
  spanMsMax: 3_650 * 24 * 3_600_000,
  rowsPerPurgeMax: 500,
  /** Rows of the history that one command looks through, so that no write waits long for it. */
  rowsPerLookMax: 5_000,
  /** Such looks, one after another, for one request, and for how long it begins further ones. */
  looksPerRequestMax: 20,
  lookingMsMax: 1_000,
  changesPerMissedLookMax: 1_000,
  channelsExplainedMax: 200,
  /** Replays at once, how fast one may be, how fast it is unless said, and how often steps are made. */
  replaysUnderWayMax: 16,
  replayPerSecondMax: 10_000,
  replayPerSecond: 100,
  replayStepMs: 100,
  purgePauseMs: 3_600_000,
  /** Notices of channels' expiry that one command gives, and events that it tells of. */
  noticesPerStepMax: 100,
  lifecycleUrlCharsMax: 255,
  /** The longest that an operator renews a channel for. */
  renewalMsMax: 366 * 24 * 3_600_000,

  /** Health: how often the monitor looks and the store is made to commit, and how long a part may stand still before it counts as stuck. */
  healthLookMs: 1_000,
  heartbeatMs: 2_000,
  stuckMs: 5_000,
  /** A write that the disk refused may be tried again after so long. */
  storageRetryAfterSeconds: 5,

  /** Metrics: rows counted in one command, how long a census serves, and how long a scrape waits for one. */
  rowsPerCountMax: 2_500,
  censusKeptMs: 5_000,
  censusWaitMs: 2_000,

  /** OAuth (PROTOCOL E.3). */
  accessTokenMs: 3_600_000,
  /** Three minutes, as v7 and v8 say; older pages say two. */
  grantTokenMs: 180_000,
  /** The oldest beyond these end early. */
  accessTokensPerRefreshTokenMax: 15,
  refreshTokensPerUserAndClientMax: 20,
  /** With `--throttle-tokens`: so many within the window. */
  throttleWindowMs: 600_000,
  accessTokensPerWindowMax: 10,
  grantsPerWindowMax: 10,
  /** Codes of a client that the store keeps, used ones too. */
  grantsKeptPerClientMax: 100,

  /** The sign-in page. */
  signInFormMs: 600_000,
  signInFailuresPerUserMax: 5,
  signInFailuresPerAddressMax: 50,
  signInFailuresWindowMs: 600_000,
  signInKeysKeptMax: 20_000,
  /** Passwords being checked at once; each takes the processor for a fifth of a second. */
  passwordChecksMax: 4,
  passwordCharsMax: 255,

  ...operatorLimits,

  /** A PostgreSQL database: connections of a process, and how long each step may take. */
  databaseConnectionsMax: 16,
  databaseConnectMs: 5_000,
  statementMs: 15_000,
  lockWaitMs: 10_000,
  /** Less than it takes to see that a process is gone: a transaction that it left open holds what the others want. */
  idleTransactionMs: 5_000,
  /** The same while it is sent an answer that it does not take, and before the server asks whether a connection on which nothing passes still stands. */
  databaseDeafMs: 7_000,
  databaseFarewellMs: 2_000,
  /** How often, and for how long, a process gives back what a claim may have got whose answer was lost: its commit may land late. */
  lostClaimLookMs: 3_000,
  lostClaimMs: 25_000,
  /** How long a start goes on where the database refuses a step of it for now, and how soon it is made again. */
  startPatienceMs: 30_000,
  startAgainMs: 500,
  /** Processes on a database that give ids at once, and for how long one is granted its share of them at a time. */
  idSlots: 32,
  idGrantMs: 30_000,
  /** Batches of writes, and of reads, that run side by side; an org has one lane of writes. */
  writeLanes: 4,
  readLanes: 4,
  /** How long a settlement may wait for others to share its commit: one in so many of the time that its attempt took, and no longer than so. */
  attemptTimePerSettleWait: 4,
  settleWaitMsMax: 25,
  /** How long the connection for hints rests before it is tried again. */
  hintReconnectMs: 1_000,
  /** How often it is asked whether it still leads to the server, and how long it may take to answer. */
  hintAskMs: 5_000,
  hintAnswerMs: 5_000,
  /**
   * Processes that share a database. Each shows every two seconds that it lives, and looks at the others; one that has shown nothing in so many
   * looks in a row is gone. Without having shown it for `nodeTenureMs` a process begins no POST: less than the others wait, whatever the clocks.
   */
  nodeBeatMs: 2_000,
  nodeSilentLooksMax: 4,
  nodeTenureMs: 5_000,
  /** What a process tells the others of its attempts: how often, in how many messages at most, and how long one may be (PostgreSQL takes 7,999). */
  newsPauseMs: 500,
  newsPerPauseMax: 4,
  newsBytesMax: 7_500,
  newsAttemptsMax: 250,
  /** Days of history that have their partition before they come, and how long making or dropping one may wait for its table. */
  partitionDaysAhead: 2,
  partitionLockMs: 1_000,
  /**
   * NATS JetStream. Orgs share so many subjects, each taken in its turn; a message holds so many deliveries, with so many UTF-16 units of text. So many
   * messages may wait for anybody to take them before the rest stays in the database, and so many of a subject wait in a process.
   */
  queueShards: 16,
  batchDeliveriesMax: 128,
  batchTextMax: 256 * 1024,
  brokerWaitingMax: 64,
  batchesPerShardMax: 8,
  /** What none of has room keeps no other from coming: so many of a subject may wait in a process all the same. */
  blockedBatchesPerShardMax: 64,
  brokerBytesMax: 256 * 1024 * 1024,
  brokerUnackedMax: 20_000,
  /**
   * For how long a claim is made that goes into a message: so long is missed what is lost with the broker, or with a process between commit and
   * publishing. What a process has in hand it renews for `heldLeaseMs`, when less than `heldLeaseLeftMs` is left; while an attempt runs too, so one
   * may begin as long as `beginLeaseLeftMs` is left.
   */
  publishedLeaseMs: 12_000,
  heldLeaseMs: 20_000,
  heldLeaseLeftMs: 7_000,
  beginLeaseLeftMs: 3_000,
  /** A message younger than this, handed out for the first time, is taken at its word. */
  freshBatchMs: 2_000,
  /** A message that nobody says to be working on is handed to another after so long, and how often that is said. */
  ackWaitMs: 12_000,
  workingMs: 3_000,
  /** How long what has no room waits in a process before the store has it back, and how long the store leaves it alone then. */
  roomWaitMs: 1_000,
  roomHoldMs: 1_000,
  /** How often the store is asked at least for what the broker has lost, and at most for anything. */
  reconcileMs: 5_000,
  feedPauseMs: 10,
  queueLookMs: 1_000,
  queueRecountMs: 50,
  /** How long it is not asked after it failed: those who hold claims are to settle or renew them first. */
  feedBackoffMs: 3_000,
  /** How long the broker may take for an answer, how long it is left alone after it gave none, and when it is asked again for a connection. */
  brokerAnswerMs: 2_000,
  brokerRestMs: 5_000,
  brokerReconnectMs: 500,
  brokerPullMs: 5_000,
  /** How often the connection is tried; after two tries without an answer it is made anew. */
  brokerPingMs: 3_000,
  /** How long it knows the ids of its messages. */
  brokerDedupMs: 120_000,
  natsFileBytesMax: 64 * 1024,
  /** A move to another database: rows and characters of one step, and days of history that get a partition of their own. */
  movedRowsPerStep: 1_000,
  movedCharsPerStep: 2_000_000,
  movedDaysMax: 400,
  /** How often a command runs again that stood in another's way. */
  conflictRerunsMax: 5,
} as const;

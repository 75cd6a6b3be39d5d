/** How much is measured: a row a scale. `tiny` is for the test, which only asks that all of it works. */

/** What a store grows along. */
export const axes = ["records", "channels", "history"] as const;
export type Axis = (typeof axes)[number];

export type Scale = {
  /** Runs of each contender, which take turns. */
  readonly rounds: number;
  /** How long one run sends, and how long its warm-up, in ms. */
  readonly runMs: number;
  readonly warmUpMs: number;
  /** Changes that are under way at once in a closed loop without HTTP. */
  readonly changesUnderWay: number;
  /** Records that edits go to. */
  readonly records: number;
  readonly fanOuts: readonly number[];
  readonly peerFanOuts: readonly number[];
  readonly sharedFanOuts: readonly number[];
  /** One run of processes apart, in ms, and how often each is made. */
  readonly apartMs: number;
  readonly apartRounds: number;
  /** How long one process drains what it is given, in ms, and how often it and the several do. */
  readonly scalingMs: number;
  readonly scalingRounds: number;
  /** At half load: how long one run is, and how many there are. */
  readonly latencyMs: number;
  readonly latencyRounds: number;
  /** Edits one after another. */
  readonly singleEdits: number;
  readonly matchChannels: readonly number[];
  readonly backlog: number;
  /** Of the backlog, how much is drained while memory is looked at. */
  readonly drained: number;
  /** Rows of each axis, ascending. */
  readonly growth: Readonly<Record<Axis, readonly number[]>>;
  /** How often each command is timed at each size. */
  readonly growthTimes: number;
  readonly startUps: number;
  readonly idleMs: number;
};

/** The same along every axis. */
function sizesOf(sizes: readonly number[]): Readonly<Record<Axis, readonly number[]>> {
  return { records: sizes, channels: sizes, history: sizes };
}

/** With ten million rows, of those that an installation may have so many of. */
export const fullGrowth: Scale["growth"] = {
  ...sizesOf([10_000, 100_000, 1_000_000, 10_000_000]),
  channels: [10_000, 100_000, 1_000_000],
};

const quick: Scale = {
  rounds: 3,
  runMs: 300,
  warmUpMs: 200,
  changesUnderWay: 256,
  records: 1_000,
  fanOuts: [1, 3, 10],
  peerFanOuts: [1],
  sharedFanOuts: [1, 10],
  apartMs: 500,
  apartRounds: 1,
  scalingMs: 1_500,
  scalingRounds: 2,
  latencyMs: 2_000,
  latencyRounds: 1,
  singleEdits: 200,
  matchChannels: [1_000, 10_000, 100_000],
  backlog: 50_000,
  drained: 5_000,
  growth: sizesOf([1_000, 10_000]),
  growthTimes: 30,
  startUps: 3,
  idleMs: 2_000,
};

const full: Scale = {
  rounds: 4,
  runMs: 1_500,
  warmUpMs: 1_500,
  changesUnderWay: 256,
  records: 1_000,
  fanOuts: [1, 3, 10],
  peerFanOuts: [1, 10],
  sharedFanOuts: [1, 10],
  apartMs: 1_000,
  apartRounds: 2,
  scalingMs: 3_500,
  scalingRounds: 3,
  latencyMs: 8_000,
  latencyRounds: 3,
  singleEdits: 1_000,
  matchChannels: [1_000, 10_000, 100_000, 1_000_000],
  backlog: 1_000_000,
  drained: 50_000,
  growth: sizesOf([10_000, 100_000, 1_000_000]),
  growthTimes: 30,
  startUps: 7,
  idleMs: 6_000,
};

const tiny: Scale = {
  rounds: 1,
  runMs: 20,
  warmUpMs: 5,
  changesUnderWay: 8,
  records: 20,
  fanOuts: [1, 2],
  peerFanOuts: [1],
  sharedFanOuts: [1, 10],
  apartMs: 40,
  apartRounds: 1,
  scalingMs: 60,
  scalingRounds: 1,
  latencyMs: 100,
  latencyRounds: 1,
  singleEdits: 3,
  matchChannels: [100, 1_000],
  backlog: 300,
  drained: 100,
  growth: { records: [100, 1_000], channels: [100], history: [100] },
  growthTimes: 2,
  startUps: 1,
  idleMs: 50,
};

export const scales = { tiny, quick, full } as const satisfies Record<string, Scale>;
export type ScaleName = keyof typeof scales;

/** What machines cost: assumptions, to be edited. US dollars a month of 730 hours, without discounts; a processor is one hardware thread of a rented machine. */
export const prices = {
  node: { what: "a machine for Watchpost: 4 processors, 8 GB; three processes", dollars: 110, processors: 4 },
  database: { what: "a machine for PostgreSQL: 16 processors, 64 GB, local SSD", dollars: 620, processors: 16 },
  broker: { what: "a machine for NATS: 4 processors, 8 GB, local SSD", dollars: 130, processors: 4 },
  storage: { what: "a TB of SSD for a database", dollars: 90, processors: 0 },
  traffic: { what: "a TB sent to receivers outside", dollars: 10, processors: 0 },
} as const satisfies Record<string, { readonly what: string; readonly dollars: number; readonly processors: number }>;

/** What is asked of a machine: no more than this share of what it could, so that it bears a peak and a neighbour's death. */
export const busyMax = 0.6;
/** Watchpost processes on one of its machines: each fills one processor, and a part of the next. */
export const processesPerMachine = 3;
/** Each database has one that follows it in step, and takes over. */
export const databasesPerShard = 2;
export const brokersPerShard = 3;
/** A log ahead that one database machine can write and send on, and how much of history it should hold: beyond, backups and failovers take hours. */
export const walBytesPerSecondMax = 100_000_000;
export const keptBytesMax = 4_000_000_000_000;
export const secondsPerMonth = 730 * 3_600;

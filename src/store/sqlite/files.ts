/** The files of a data folder. */

export const databaseFile = "watchpost.sqlite";
/** Held open by the process that uses the folder. */
export const lockFile = "lock.sqlite";
/** What SQLite keeps beside a database, by what it adds to the name. */
export const companionEndings: readonly string[] = ["-wal", "-shm"];

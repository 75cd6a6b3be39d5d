/** The lock of a data folder: a file held by an open exclusive transaction, which the system ends with the process, however that ends. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { lockFile } from "./files.ts";

/** Takes the folder for this process; throws an Error for people when another has it. Closing it gives it up. */
export function takeLock(dataFolder: string): DatabaseSync {
  let lock: DatabaseSync;
  try {
    lock = new DatabaseSync(join(dataFolder, lockFile));
  } catch (error) {
    throw new Error(`the data folder ${dataFolder} cannot be used: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  try {
    lock.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;");
    return lock;
  } catch (error) {
    lock.close();
    throw new Error(`the data folder ${dataFolder} is in use by another Watchpost`, { cause: error });
  }
}

/** The last of the migrations: a file that has it needs none, and what migrates is not loaded. */
export const newestMigration = "0007_ways_to_read";

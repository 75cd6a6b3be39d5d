import type { SettingRows } from "../ports/settings.ts";
import { type Database, arg, rowOf } from "./database.ts";

/** A few rows, read seldom. */
export function sqlSettings(db: Database): SettingRows {
  const get = db.first(db.builder.selectFrom("settings").select("value").where("name", "=", arg<string>("name")));
  const put = db.run(
    db.builder
      .insertInto("settings")
      .values(rowOf<"settings">(["name", "value"]))
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: arg<string>("value") })),
  );
  const putIfAbsent = db.run(
    db.builder
      .insertInto("settings")
      .values(rowOf<"settings">(["name", "value"]))
      .onConflict((conflict) => conflict.doNothing()),
  );
  return {
    get: async (name) => (await get({ name }))?.value ?? null,
    putIfAbsent: async (name, value) => void (await putIfAbsent({ name, value })),
    put: async (name, value) => void (await put({ name, value })),
  };
}

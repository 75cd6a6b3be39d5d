/** The keys with which the server signs what it gives out and takes back. They are the store's, so that every process on it takes what another gave. */
import { randomBytes } from "node:crypto";
import type { SettingName } from "../store/ports/settings.ts";
import type { Tx } from "../store/store.ts";
import type { Output } from "./commands.ts";
import type { Context } from "./context.ts";

const keyBytes = 32;

/** Made when it is first asked for. */
export async function signingKey(tx: Tx, name: Exclude<SettingName, "heartbeat">): Promise<string> {
  const known = await tx.settings.get(name);
  if (known !== null) return known;
  await tx.settings.putIfAbsent(name, randomBytes(keyBytes).toString("base64url"));
  return (await tx.settings.get(name)) ?? "";
}

export async function formKey({ tx }: Context): Promise<Output<"oauth.formKey">> {
  return { key: await signingKey(tx, "form_key") };
}

/** Which deliveries are meant: the options that say it, and what they say to the admin API. */
import { deliveryStatuses } from "../../core/delivery.ts";
import type { AdminClient } from "../remote/admin-client.ts";
import type { Call, OptionSpec } from "../tree/command-spec.ts";
import { flagInstant, flagText } from "../tree/read-values.ts";
import { channelOption, fromOption, keyOption, moduleOption, orgOption, recordOption, untilOption } from "./options.ts";

const statusOption: OptionSpec = {
  flag: "--status",
  placeholder: "<status>",
  help: "Only those in this state.",
  choices: deliveryStatuses,
};

export const filterOptions: readonly OptionSpec[] = [
  orgOption,
  keyOption,
  channelOption,
  moduleOption,
  recordOption,
  statusOption,
  fromOption,
  untilOption,
];

/** null: not said. */
export async function readFilter(call: Call, client: AdminClient) {
  return {
    org: flagText(call, "--org"),
    channel_key: flagText(call, "--channel-key"),
    channel: flagText(call, "--channel"),
    module: flagText(call, "--module"),
    record: flagText(call, "--record"),
    status: flagText(call, "--status"),
    from: await flagInstant(call, "--from", async () => client.now()),
    until: await flagInstant(call, "--until", async () => client.now()),
  };
}

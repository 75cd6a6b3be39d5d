/** Subscribes the inbox of `dev` to the modules that people know, by the same request that any client would send. */
import { Button } from "@mantine/core";
import { showInbox } from "../api/server-state.ts";
import { useApi } from "../data/api-context.ts";
import { useServerNow } from "../data/server-clock.ts";
import { useAct } from "../data/use-act.ts";

/** Recognized by people as the console's own; a second subscription replaces the first. */
export const inboxChannelId = "1000000008585";
const watchedModules = ["Leads", "Contacts", "Accounts", "Deals"];
/** Half an hour short of a week, the longest that the wire gives. */
const lifeMs = 7 * 86_400_000 - 30 * 60_000;

export function SubscribeInbox() {
  const { client, crmOf } = useApi();
  const now = useServerNow();
  const subscribe = useAct<void, void>({
    run: async () => {
      const inbox = await showInbox(client);
      await crmOf("").watch({
        channel_id: inboxChannelId,
        events: watchedModules.map((module) => `${module}.all`),
        channel_expiry: new Date(now + lifeMs).toISOString().replace(/\.\d+Z$/, "+00:00"),
        token: "inbox",
        notify_url: inbox.url,
      });
    },
    done: () => `The inbox watches ${watchedModules.join(", ")} for a week. Now change a record.`,
    areas: ["channels", "stats", "inbox"],
  });
  return (
    <Button size="compact-sm" loading={subscribe.isPending} onClick={() => subscribe.mutate()}>
      Subscribe the inbox
    </Button>
  );
}

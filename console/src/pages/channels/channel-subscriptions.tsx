/** What the channel watches, module by module, with the condition drawn as a tree. */
import type { Channel } from "../../api/channels.ts";
import { ConditionTree } from "../../parts/condition-tree.tsx";
import { Card, Columns, Stack } from "../../parts/layout.tsx";
import { Link } from "../../routing/link.tsx";

const words = { insert: "created", update: "edited", delete: "deleted" } as const;

export function ChannelSubscriptions({ channel }: { readonly channel: Channel }) {
  if (channel.subscriptions.length === 0) {
    return (
      <Card title="What it watches">
        <p className="wp-faint">
          {channel.kind === "lifecycle"
            ? "The lifecycle of the org's channels: that they are about to expire, expired, or were disabled."
            : "No module."}
        </p>
      </Card>
    );
  }
  return (
    <Columns>
      {channel.subscriptions.map(({ module, operations, condition }) => (
        <Card key={module} title={module}>
          <Stack isTight>
            <p className="wp-faint">
              Notified when a record is {operations.map((operation) => words[operation]).join(", ")}
              {condition === null ? ", whatever changed." : "; of edits only those where this holds:"}
            </p>
            {condition === null ? null : <ConditionTree condition={condition} />}
            <Link to={`/records?module=${encodeURIComponent(module)}`}>Change a record of {module}</Link>
          </Stack>
        </Card>
      ))}
    </Columns>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { Channel } from "../../api/channels.ts";
import { orderChannel } from "../../api/channels.ts";
import type { Delivery } from "../../api/deliveries.ts";
import { listDeliveries } from "../../api/deliveries.ts";
import { useApi } from "../../data/api-context.ts";
import { keys } from "../../data/keys.ts";
import { useAct } from "../../data/use-act.ts";
import { exactLength } from "../../format/instant.ts";
import { ConfirmButton } from "../../parts/confirm.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Card, Columns, Facts, Row } from "../../parts/layout.tsx";
import { Sparkline } from "../../parts/sparkline.tsx";
import { Loaded } from "../../parts/states.tsx";
import { FullTime } from "../../parts/time.tsx";
import { Expiry } from "./expiry.tsx";
import { recordOf } from "./delivery-record.ts";

const recentMax = 50;

/** How the channel stands, and how its last deliveries went. */
export function ChannelFacts({ channel }: { readonly channel: Channel }) {
  const { client } = useApi();
  const filter = { channel_key: channel.key, limit: recentMax };
  const recent = useQuery({ queryKey: keys.deliveries(filter), queryFn: () => listDeliveries(client, filter) });
  return (
    <Columns>
      <Card title="How it stands">
        <Facts
          facts={[
            ["Ends", <Expiry at={channel.expires_at} />],
            [channel.state === "active" ? "Active since" : `${channel.state} since`, <FullTime at={channel.state_since} />],
            ["Because of", channel.cause === null ? null : causeWords[channel.cause]],
            ["Failing since", channel.failing_since === null ? null : <FullTime at={channel.failing_since} />],
            ["Org", channel.org],
            ["Of user", channel.user_id],
            ["Channel id", <CopiedText text={channel.channel_id} />],
            ["Made", <FullTime at={channel.created_at} />],
            ["Last changed", <FullTime at={channel.modified_at} />],
          ]}
        />
      </Card>
      <Card title="How it goes">
        <Loaded query={recent} what="its last deliveries">
          {({ rows }) => <Record deliveries={rows} />}
        </Loaded>
        <Facts
          facts={[
            ["Token", channel.has_token ? "set by the client, sent in each notification" : "none"],
            ["Values", channel.returns_values ? "sent along" : "not sent along"],
            ["Related records", channel.notifies_related ? "a change of a record that points here notifies too" : "not notified"],
            ["Second secret", channel.previous_secret_until === null ? null : <FullTime at={channel.previous_secret_until} />],
            ["Order", <OrderFact channel={channel} />],
          ]}
        />
      </Card>
    </Columns>
  );
}

const causeWords = {
  gone: "The target answered 410: it wants nothing any more.",
  failing: "Every attempt had failed, for as long as --disable-after allows.",
} as const;

function CopiedText({ text }: { readonly text: string }) {
  return (
    <Row>
      <span className="wp-mono">{text}</span>
      <CopyButton text={text}>Copy</CopyButton>
    </Row>
  );
}

function Record({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  const record = recordOf(deliveries);
  if (record.settled === 0) return <p className="wp-faint">Nothing was delivered yet. Send a test to see what its target answers.</p>;
  return (
    <Facts
      facts={[
        [`Of the last ${record.settled}`, `${record.delivered} delivered, ${record.dead} given up`],
        ["Failed first", `${Math.round(record.failureShare * 100)} % needed another try or were given up`],
        [
          "Commit to answer",
          record.waitsMs.length < 2 ? null : (
            <Row>
              <Sparkline values={record.waitsMs} label={`From commit to answer, the newest ${exactLength(record.waitsMs.at(-1) ?? 0)}`} />
              <span className="wp-number">{exactLength(record.waitsMs.at(-1) ?? 0)}</span>
            </Row>
          ),
        ],
      ]}
    />
  );
}

function OrderFact({ channel }: { readonly channel: Channel }) {
  const { client } = useApi();
  const isOrdered = channel.order === "record";
  const change = useAct<Channel["order"], Channel>({
    run: (order) => orderChannel(client, channel.key, order),
    done: ({ order }) =>
      order === "record" ? "Deliveries about one record keep their order now." : "Deliveries go out as soon as they can now.",
    areas: ["channels"],
  });
  return (
    <Row>
      <span>{isOrdered ? "kept, record by record" : "not kept"}</span>
      <ConfirmButton
        label={isOrdered ? "Give up the order" : "Keep the order"}
        title={isOrdered ? "Give up the order?" : "Keep the order?"}
        action={isOrdered ? "Give it up" : "Keep it"}
        size="compact-xs"
        isBusy={change.isPending}
        onConfirm={() => change.mutate(isOrdered ? "none" : "record")}
      >
        {isOrdered
          ? "A delivery that fails holds up nothing any more; its receiver may hear of a later change of a record before an earlier one."
          : "What its receiver hears of a record comes in the order of the changes; a delivery that fails holds up the later ones about the same record."}
      </ConfirmButton>
    </Row>
  );
}

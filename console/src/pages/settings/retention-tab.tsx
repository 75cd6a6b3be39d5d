import type { Stats } from "../../api/server-state.ts";
import { useStats } from "../../data/use-stats.ts";
import { spanText } from "../../format/instant.ts";
import { Card, Facts } from "../../parts/layout.tsx";
import { Loaded } from "../../parts/states.tsx";

/** How long what is kept. It is set where the server is started, told here and not changed here. */
export function RetentionTab() {
  const query = useStats();
  return (
    <Card title="How long things are kept">
      <Loaded query={query} what="how long things are kept">
        {({ retention }) => <Spans retention={retention} />}
      </Loaded>
    </Card>
  );
}

function Spans({ retention }: Pick<Stats, "retention">) {
  const history = spanText(retention.history_ms);
  return (
    <>
      <Facts
        facts={[
          ["Delivered and cancelled deliveries, with their attempts", history],
          [
            "Changes, with before and after",
            `${history}; so long can be told why somebody was not notified, and missed changes be replayed`,
          ],
          ["Dead deliveries", spanText(retention.dead_ms)],
          ["Expired channels", `stop at once, and are removed after ${history}`],
          ["Channels whose target only fails", `are disabled after ${spanText(retention.disable_after_ms)}`],
          ["Answers of receivers", "the first 4 KiB of the body"],
        ]}
      />
      <p className="wp-faint">
        The server was started so, by <code>--keep-history</code>, <code>--keep-dead</code> and <code>--disable-after</code>;
        docs/configuration.md tells of them.
      </p>
    </>
  );
}

/** How things are, in a sentence first; then the figures behind it. */
import { Suspense, lazy } from "react";
import type { Stats } from "../../api/server-state.ts";
import { useStats } from "../../data/use-stats.ts";
import { Card, Columns, PageHeader, Stack } from "../../parts/layout.tsx";
import { Loaded, Loading } from "../../parts/states.tsx";
import { Expiring } from "./expiring.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { HealthLine } from "./health-line.tsx";
import { KeyFigures } from "./key-figures.tsx";
import { LiveTail } from "./live-tail.tsx";

const Charts = lazy(async () => ({ default: (await import("./charts.tsx")).Charts }));

export function HomePage() {
  const query = useStats();
  return (
    <>
      <PageHeader title="Home" />
      <Loaded query={query} what="the server's state">
        {(stats) => <Overview stats={stats} />}
      </Loaded>
    </>
  );
}

function Overview({ stats }: { readonly stats: Stats }) {
  const { active, paused, disabled } = stats.channels;
  return (
    <Stack>
      <HealthLine health={stats.health} />
      {active + paused + disabled === 0 ? <FirstSteps /> : null}
      <KeyFigures stats={stats} />
      <Columns>
        <Suspense fallback={<Loading what="the charts" rows={5} />}>
          <Charts series={stats.series} />
        </Suspense>
        <Card title="Just now">
          <LiveTail />
        </Card>
        <Card title="Channels about to expire">
          <Expiring channels={stats.expiring} />
        </Card>
      </Columns>
    </Stack>
  );
}

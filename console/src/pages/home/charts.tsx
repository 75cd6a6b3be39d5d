/** The last minutes drawn. What a drawing shows is also said in its label, for those who do not see it. */
import "@mantine/charts/styles.layer.css";
import { LineChart } from "@mantine/charts";
import { useMemo } from "react";
import type { Stats } from "../../api/server-state.ts";
import { clockTime } from "../../format/instant.ts";
import { Card, Stack } from "../../parts/layout.tsx";
import css from "./home.module.css";
import type { RatePoint } from "./series.ts";
import { hasLonePoint, ratesOf } from "./series.ts";

type Line = { readonly name: keyof Omit<RatePoint, "at">; readonly label: string; readonly color: string };

export function Charts({ series }: { readonly series: Stats["series"] }) {
  const points = useMemo(() => ratesOf(series), [series]);
  const last = points.at(-1);
  return (
    <>
      <Chart
        title="Changes and deliveries a second"
        points={points}
        unit="/s"
        lines={[
          { name: "changes", label: "changes", color: "var(--wp-chart-1)" },
          { name: "delivered", label: "delivered", color: "var(--wp-chart-2)" },
          { name: "failed", label: "failed", color: "var(--wp-chart-3)" },
        ]}
        words={
          last === undefined
            ? "No figures yet."
            : `Now ${last.changes} changes, ${last.delivered} delivered and ${last.failed} failed a second.`
        }
      />
      <Chart
        title="How long receivers took to answer"
        points={points}
        unit=" ms"
        lines={[
          { name: "p50", label: "half are faster (p50)", color: "var(--wp-chart-1)" },
          { name: "p95", label: "p95", color: "var(--wp-chart-4)" },
          { name: "p99", label: "p99", color: "var(--wp-chart-3)" },
        ]}
        words={
          last === undefined || last.p50 === null
            ? "No delivery in the last step."
            : `Now p50 ${last.p50} ms, p95 ${last.p95 ?? "–"} ms, p99 ${last.p99 ?? "–"} ms.`
        }
      />
      <Chart
        title="Share of attempts that succeeded"
        points={points}
        unit=" %"
        lines={[{ name: "success", label: "succeeded", color: "var(--wp-chart-2)" }]}
        words={last === undefined || last.success === null ? "No attempt in the last step." : `Now ${last.success} %.`}
      />
    </>
  );
}

type ChartProps = {
  readonly title: string;
  readonly points: readonly RatePoint[];
  readonly lines: readonly Line[];
  readonly unit: string;
  readonly words: string;
};

function Chart({ title, points, lines, unit, words }: ChartProps) {
  const data = useMemo(() => points.map((point) => ({ ...point, time: clockTime(point.at) })), [points]);
  const hasLonePoints = lines.some(({ name }) => hasLonePoint(points.map((point) => point[name])));
  return (
    <Card title={title}>
      <Stack isTight>
        <ul className={css["legend"]}>
          {lines.map(({ name, label, color }) => (
            <li key={name}>
              <span className={css["swatch"]} style={{ background: color }} />
              {label}
            </li>
          ))}
        </ul>
        <div role="img" aria-label={`${title}. ${words}`}>
          <LineChart
            className={css["chart"] ?? ""}
            h={208}
            data={data}
            dataKey="time"
            series={lines.map(({ name, label, color }) => ({ name, label, color }))}
            curveType="monotone"
            // A step between two without a figure has no line, so it is seen by its dot alone.
            withDots={hasLonePoints}
            dotProps={{ r: 2, strokeWidth: 0 }}
            strokeWidth={2}
            unit={unit}
            gridAxis="x"
            tickLine="none"
            connectNulls={false}
            lineProps={{ isAnimationActive: false }}
            xAxisProps={{ minTickGap: 48 }}
            yAxisProps={{ width: 64, ...(unit === " %" ? { domain: [0, 100] } : {}) }}
          />
        </div>
      </Stack>
    </Card>
  );
}

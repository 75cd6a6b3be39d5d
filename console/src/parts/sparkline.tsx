/** A small line of figures without axes. The words beside it say what matters; the drawing is for the eye alone. */
export type SparklineProps = { readonly values: readonly number[]; readonly label: string };

const width = 120;
const height = 28;

export function Sparkline({ values, label }: SparklineProps) {
  const max = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${(height - 2 - (value / max) * (height - 4)).toFixed(1)}`);
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      <polyline points={points.join(" ")} fill="none" stroke="var(--wp-chart-1)" strokeWidth="2" strokeLinejoin="round" />
    </svg>
  );
}

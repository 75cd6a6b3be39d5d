import { Card, Facts } from "../../parts/layout.tsx";

/** How long what is kept. It is the server's own rule, told here and not changed here. */
export function RetentionTab() {
  return (
    <Card title="How long things are kept">
      <Facts
        facts={[
          ["Delivered and cancelled deliveries, with their attempts", "7 days"],
          ["Dead deliveries", "30 days"],
          ["Changes, with before and after", "7 days; so long can be told why somebody was not notified, and missed changes be replayed"],
          ["Expired channels", "stop at once, and are removed later"],
          ["Answers of receivers", "the first 4 KiB of the body"],
        ]}
      />
      <p className="wp-faint">These are limits of the program. docs/operations.md has them under “Growth”.</p>
    </Card>
  );
}

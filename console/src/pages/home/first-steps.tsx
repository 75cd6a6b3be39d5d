/** What to do on a server where nobody has subscribed yet. */
import { useApi } from "../../data/api-context.ts";
import { SubscribeInbox } from "../../parts/subscribe-inbox.tsx";
import { Card } from "../../parts/layout.tsx";
import { Link } from "../../routing/link.tsx";
import css from "./home.module.css";

export function FirstSteps() {
  const { session } = useApi();
  if (!session.is_dev) {
    return (
      <Card title="No channel yet">
        <p className="wp-faint">
          A channel comes to be when a client subscribes with <code>POST /crm/v8/actions/watch</code>. Make credentials for it under{" "}
          <Link to="/settings?tab=clients">Settings, Clients</Link>.
        </p>
      </Card>
    );
  }
  return (
    <Card title="Your first notification, in three steps">
      <ol className={css["steps"]}>
        <li>
          Let the built-in inbox watch the sample records. <SubscribeInbox />
        </li>
        <li>
          Change a record: <Link to="/records?module=Deals">open a deal</Link>, edit a field, save.
        </li>
        <li>
          See what came: <Link to="/inbox">the inbox</Link>.
        </li>
      </ol>
    </Card>
  );
}

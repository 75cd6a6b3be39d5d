/** Which page stands at which address. Each page is a chunk of its own, loaded when somebody goes there. */
import type { ComponentType } from "react";
import { lazy } from "react";
import { Empty } from "../parts/states.tsx";
import { PageHeader } from "../parts/layout.tsx";
import { Link } from "../routing/link.tsx";
import type { PathParams } from "../routing/match-path.ts";
import { matchPath } from "../routing/match-path.ts";

export type PageProps = { readonly params: PathParams };

type Route = { readonly path: string; readonly Page: ComponentType<PageProps> };

function page<Name extends string>(path: string, name: Name, load: () => Promise<Readonly<Record<Name, ComponentType<PageProps>>>>): Route {
  const Page = lazy(async (): Promise<{ default: ComponentType<PageProps> }> => ({ default: (await load())[name] }));
  return { path, Page };
}

const routes: readonly Route[] = [
  page("/", "HomePage", () => import("../pages/home/home-page.tsx")),
  page("/channels", "ChannelsPage", () => import("../pages/channels/channels-page.tsx")),
  page("/channels/:key", "ChannelPage", () => import("../pages/channels/channel-page.tsx")),
  page("/deliveries", "DeliveriesPage", () => import("../pages/deliveries/deliveries-page.tsx")),
  page("/deliveries/:id", "DeliveryPage", () => import("../pages/deliveries/delivery-page.tsx")),
  page("/why-not", "WhyNotPage", () => import("../pages/why-not/why-not-page.tsx")),
  page("/why-not/:id", "ExplanationPage", () => import("../pages/why-not/explanation-page.tsx")),
  page("/records", "RecordsPage", () => import("../pages/records/records-page.tsx")),
  page("/records/:module/new", "NewRecordPage", () => import("../pages/records/new-record-page.tsx")),
  page("/records/:module/:id", "RecordPage", () => import("../pages/records/record-page.tsx")),
  page("/inbox", "InboxPage", () => import("../pages/inbox/inbox-page.tsx")),
  page("/clock", "ClockPage", () => import("../pages/clock/clock-page.tsx")),
  page("/settings", "SettingsPage", () => import("../pages/settings/settings-page.tsx")),
];

export function PageAt({ path }: { readonly path: string }) {
  for (const { path: pattern, Page } of routes) {
    const params = matchPath(pattern, path);
    if (params !== null) return <Page key={path} params={params} />;
  }
  return (
    <>
      <PageHeader title="There is no such page" />
      <Empty title="Nothing stands at this address" action={<Link to="/">Go to Home</Link>}>
        The link may be of another version of the console, or mistyped.
      </Empty>
    </>
  );
}

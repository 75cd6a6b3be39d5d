/** The ways to the pages. Inbox and clock are there in `dev` alone. */
import { useApi } from "../data/api-context.ts";
import { Link } from "../routing/link.tsx";
import { usePlace } from "../routing/navigation.ts";
import { Icon, type IconName } from "./icons.tsx";

type NavItem = { readonly to: string; readonly label: string; readonly icon: IconName; readonly isDevOnly?: boolean };

const items: readonly NavItem[] = [
  { to: "/", label: "Home", icon: "home" },
  { to: "/channels", label: "Channels", icon: "channels" },
  { to: "/deliveries", label: "Deliveries", icon: "deliveries" },
  { to: "/why-not", label: "Why not", icon: "question" },
  { to: "/records", label: "Records", icon: "records" },
  { to: "/inbox", label: "Inbox", icon: "inbox", isDevOnly: true },
  { to: "/clock", label: "Clock", icon: "clock", isDevOnly: true },
  { to: "/settings", label: "Settings", icon: "settings" },
];

export function NavList({ className }: { readonly className: string | undefined }) {
  const { path } = usePlace();
  const { session } = useApi();
  return (
    <nav className={className} aria-label="Pages of the console">
      <ul>
        {items
          .filter(({ isDevOnly = false }) => session.is_dev || !isDevOnly)
          .map(({ to, label, icon }) => (
            <li key={to}>
              <Link to={to} className="" isCurrent={to === "/" ? path === "/" : path.startsWith(to)}>
                <Icon name={icon} />
                {label}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

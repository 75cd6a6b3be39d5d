/** Headers of a request or an answer. */
import { Facts } from "./layout.tsx";

export function HeaderList({ headers }: { readonly headers: Readonly<Record<string, string>> | null }) {
  const entries = Object.entries(headers ?? {});
  if (entries.length === 0) return <p className="wp-faint wp-small">No headers were kept.</p>;
  return <Facts facts={entries.map(([name, value]) => [name, <span className="wp-mono">{value}</span>])} />;
}

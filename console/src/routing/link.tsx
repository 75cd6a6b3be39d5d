/** A link to another place of the console. A real `<a href>`: it opens in a new tab, is copied, and is read out as what it is. */
import type { MouseEvent, ReactNode } from "react";
import { hrefOf, navigate } from "./navigation.ts";

export type LinkProps = {
  readonly to: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  readonly isCurrent?: boolean;
  readonly label?: string;
};

export function Link({ to, children, className, isCurrent = false, label }: LinkProps) {
  return (
    <a
      href={hrefOf(to)}
      className={className ?? "wp-link"}
      aria-current={isCurrent ? "page" : undefined}
      aria-label={label}
      onClick={(event) => follow(event, to)}
    >
      {children}
    </a>
  );
}

/** Only a plain click is ours. */
function follow(event: MouseEvent, to: string): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  navigate(to);
}

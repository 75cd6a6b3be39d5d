/** How a page is laid out: its heading, cards, rows, and facts by name. */
import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useEffect, useId, useRef } from "react";
import { Link } from "../routing/link.tsx";
import { usePageTitle } from "../routing/page-title.ts";
import css from "./layout.module.css";

export type PageHeaderProps = {
  readonly title: string;
  /** What is shown as the heading, where it is more than the title. */
  readonly heading?: ReactNode;
  readonly lead?: ReactNode;
  readonly parent?: { readonly to: string; readonly label: string };
  readonly actions?: ReactNode;
};

let hasShownPage = false;

/** The page's one `h1`. It takes the focus when one comes from another page, so that a screen reader begins there. */
export function PageHeader({ title, heading, lead, parent, actions }: PageHeaderProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  usePageTitle(title);
  useEffect(() => {
    if (hasShownPage) ref.current?.focus({ preventScroll: true });
    hasShownPage = true;
  }, []);
  return (
    <div className={css["header"]}>
      <div>
        {parent === undefined ? null : (
          <div className={css["crumb"]}>
            <Link to={parent.to}>← {parent.label}</Link>
          </div>
        )}
        <Title order={1} tabIndex={-1} ref={ref}>
          {heading ?? title}
        </Title>
        {lead === undefined ? null : <p className={css["lead"]}>{lead}</p>}
      </div>
      {actions === undefined ? null : <Row>{actions}</Row>}
    </div>
  );
}

/** A part of a page with a heading, which is a landmark. */
export function Card({ title, actions, children }: { readonly title: string; readonly actions?: ReactNode; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={css["card"]} aria-labelledby={id}>
      <Stack>
        <div className={`${css["row"]} ${css["spread"]}`}>
          <Title order={2} id={id} className={css["cardTitle"] ?? ""}>
            {title}
          </Title>
          {actions}
        </div>
        {children}
      </Stack>
    </section>
  );
}

export function Stack({ children, isTight = false }: { readonly children: ReactNode; readonly isTight?: boolean }) {
  return <div className={`${css["stack"]} ${isTight ? css["tight"] : ""}`}>{children}</div>;
}

export function Row({ children, isSpread = false }: { readonly children: ReactNode; readonly isSpread?: boolean }) {
  return <div className={`${css["row"]} ${isSpread ? css["spread"] : ""}`}>{children}</div>;
}

export function Columns({ children }: { readonly children: ReactNode }) {
  return <div className={css["columns"]}>{children}</div>;
}

export function Figures({ children }: { readonly children: ReactNode }) {
  return <div className={css["figures"]}>{children}</div>;
}

/** Facts by name; one whose value is null is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={css["facts"]}>
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <FactRow key={name} name={name} value={value} />
        ))}
    </dl>
  );
}

function FactRow({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

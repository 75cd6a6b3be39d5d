/** What stands around every page: the way past it, the name, the ways to the pages, and how the connection is. */
import { Button } from "@mantine/core";
import { Suspense, useRef, useState } from "react";
import { Link } from "../routing/link.tsx";
import { usePlace } from "../routing/navigation.ts";
import { Loading } from "../parts/states.tsx";
import { FaultBoundary } from "./fault-boundary.tsx";
import css from "./frame.module.css";
import { LiveMark } from "./live-mark.tsx";
import { Mark } from "./icons.tsx";
import { NavList } from "./nav-list.tsx";
import { PageAt } from "./page-at.tsx";
import { SchemeSwitch } from "./scheme-switch.tsx";
import { SignOutButton } from "./sign-out-button.tsx";

export function Frame() {
  const { path } = usePlace();
  // The menu of a phone is open at one place, and so is closed at the next.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const isOpen = openAt === path;
  const main = useRef<HTMLElement>(null);
  return (
    <>
      <a
        href="#content"
        className={css["skip"]}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <div className={css["frame"]}>
        <div className={css["bar"]}>
          <Link to="/" className={css["brand"]}>
            <Mark /> Watchpost
          </Link>
          <LiveMark />
          <Button
            variant="default"
            size="xs"
            aria-expanded={isOpen}
            aria-controls="navigation"
            onClick={() => setOpenAt(isOpen ? null : path)}
          >
            Menu
          </Button>
        </div>
        <header className={css["side"]} id="navigation" data-open={isOpen}>
          <Link to="/" className={css["brand"]}>
            <Mark /> Watchpost
          </Link>
          <NavList className={css["nav"]} />
          <div className={css["foot"]}>
            <LiveMark />
            <SchemeSwitch />
            <SignOutButton />
          </div>
        </header>
        <main id="content" className={css["main"]} tabIndex={-1} ref={main}>
          <FaultBoundary key={path}>
            <Suspense fallback={<Loading what="the page" />}>
              <PageAt path={path} />
            </Suspense>
          </FaultBoundary>
        </main>
      </div>
    </>
  );
}

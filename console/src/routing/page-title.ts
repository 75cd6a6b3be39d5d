/** The page's name in the browser's title. */
import { useEffect } from "react";

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Watchpost`;
  }, [title]);
}

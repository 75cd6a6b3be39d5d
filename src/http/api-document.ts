/** The OpenAPI document of this server's routes, as text, loaded and made when it is first asked for. */
import { createHash } from "node:crypto";
import type { RouteOutline } from "../openapi/document.ts";
import type { ApiDocument } from "./own-surface.ts";
import type { Route } from "./route-table.ts";

/** `baseUrl` is asked for with the document, since the port is known only after listening. */
export function createApiDocument(routes: readonly Route[], server: { readonly baseUrl: () => string; readonly version: string }) {
  let made: Promise<ApiDocument> | null = null;
  return (): Promise<ApiDocument> => (made ??= writeDocument(routes, { baseUrl: server.baseUrl(), version: server.version }));
}

async function writeDocument(
  routes: readonly Route[],
  server: { readonly baseUrl: string; readonly version: string },
): Promise<ApiDocument> {
  const { buildDocument } = await import("../openapi/document.ts");
  const text = JSON.stringify(buildDocument(routes.map(outlineOf), server));
  // Weak: the same text goes out compressed and as it is.
  return { text, tag: `W/"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"` };
}

function outlineOf(route: Route): RouteOutline {
  const { surface, path } = route;
  if (surface !== "crm") return { surface, path, needs: Object.fromEntries(Object.keys(route.methods).map((method) => [method, null])) };
  return {
    surface,
    path,
    needs: Object.fromEntries(Object.entries(route.methods).map(([method, endpoint]) => [method, endpoint.need({})])),
  };
}

/** Where the console begins. */
import { MantineProvider, localStorageColorSchemeManager } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api/api-error.ts";
import { SessionGate } from "./shell/session-gate.tsx";
import "./styles/mantine.ts";
import "./styles/tokens.css";
import { theme } from "./styles/theme.ts";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // What the server refused, it refuses again; what did not arrive is worth another try.
      retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || error.fault.status === 0 || error.fault.status >= 500),
      refetchOnWindowFocus: true,
    },
  },
});

/** The same name as in public/color-scheme.js, which reads it before the first paint. */
const colorSchemes = localStorageColorSchemeManager({ key: "watchpost-color-scheme" });

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <SessionGate />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

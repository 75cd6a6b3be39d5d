/** How `npm run build:console` makes `dist/console`. The server that serves it lays the Content-Security-Policy over it. */
import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  plugins: [react()],
  build: {
    outDir: path.resolve(import.meta.dirname, "../dist/console"),
    emptyOutDir: true,
    target: "es2022",
    // A data: URL would need a wider policy than 'self'.
    assetsInlineLimit: 0,
    // The browsers of the target preload modules by themselves.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
});

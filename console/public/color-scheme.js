// Runs before the first paint, so that a page kept dark does not flash white. A file of its own, since the server's
// Content-Security-Policy runs no script that stands in the page.
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem("watchpost-color-scheme");
  } catch {
    // Expected where the browser keeps nothing for this origin.
  }
  const isDark = kept === "dark" || (kept !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
})();

/** Registers the worker that lets the page open without a network, and tells it which files this visit has loaded. */
export async function startWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/sw.js');
    const ready = await navigator.serviceWorker.ready;
    const paths = performance.getEntriesByType('resource').map((entry) => new URL(entry.name)).filter((url) => url.origin === location.origin).map((url) => url.pathname + url.search);
    ready.active?.postMessage({ paths });
  } catch {
    // Without it the page works as before, with a network only.
  }
}

import { credentials } from '../api/client';

/** Registers the worker that lets the page open without a network, and tells it what this visit has loaded past it. */
export async function startWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    if (active === null) return;
    tellLoaded((paths) => { active.postMessage({ paths, headers: credentials() }); });
  } catch {
    // Without it the page works as before, with a network only.
  }
}

/**
 * Tells `post` what was loaded past the worker, now and from now on: what was asked for before the worker stood between may answer
 * long after it, and is told of only then.
 */
function tellLoaded(post: (paths: string[]) => void): void {
  const observer = new PerformanceObserver((list) => {
    const paths = (list.getEntries() as PerformanceResourceTiming[])
      .filter((entry) => entry.workerStart === 0)
      .map((entry) => new URL(entry.name))
      .filter((url) => url.origin === location.origin)
      .map((url) => url.pathname + url.search);
    if (paths.length > 0) post(paths);
  });
  observer.observe({ type: 'resource', buffered: true });
}

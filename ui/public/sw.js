// Lets the page open without a network, and shows the last board and network that were seen. What people report waits in the
// page's own database; nothing that changes something is ever answered from here.
const SHELL = 'kervan-shell';
const DATA = 'kervan-data';
/** Answers that are worth having when there is no line, however old: the page says so. */
const KEPT = [/^\/api\/network$/, /^\/api\/board(\?|$)/, /^\/api\/codes$/, /^\/api\/clock$/];
// A file is the same whoever asks for it, so what an answer says it varies by is passed over.
const FIRST = ['/', '/theme.js', '/mark.svg'];

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL);
    await cache.addAll(FIRST);
    const page = await (await cache.match('/')).text();
    await cache.addAll([...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((found) => found[1]));
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// The page names what it has loaded past this worker: it is fetched once more, as whoever looks at the page, and kept. A page that
// was on its way while the worker began to work was not among those it claimed: from now on it is.
self.addEventListener('message', (event) => {
  const named = Array.isArray(event.data?.paths) ? event.data.paths.filter((path) => typeof path === 'string') : [];
  const files = named.filter((path) => path.startsWith('/assets/'));
  const answers = named.filter((path) => KEPT.some((known) => known.test(path)));
  event.waitUntil((async () => {
    await self.clients.claim();
    const [shell, data] = [await caches.open(SHELL), await caches.open(DATA)];
    await Promise.all([
      ...files.map((path) => keep(shell, new Request(path))),
      ...answers.map((path) => keep(data, new Request(path, { headers: event.data.headers ?? {} }))),
    ]);
    await forget(shell, new Set([...files, ...FIRST]));
  })());
});

/** Keeps an answer that is not kept yet; one that does not come is asked for with the next visit. */
async function keep(cache, request) {
  if ((await cache.match(request, { ignoreVary: true })) === undefined) await cache.add(request).catch(() => undefined);
}

/** Files of earlier versions go, but for those the page has just named. */
async function forget(cache, wanted) {
  const MOST = 200;
  const keys = await cache.keys();
  for (const request of keys.slice(0, Math.max(0, keys.length - MOST))) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}

async function built(request) {
  const cache = await caches.open(SHELL);
  const found = await cache.match(request, { ignoreVary: true });
  if (found !== undefined) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function fresh(request, name, key) {
  const cache = await caches.open(name);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(key, answer.clone());
    return answer;
  } catch (error) {
    // A board that was never asked for in these words is better answered with the one that was: the page picks its place.
    const found = (await cache.match(key, { ignoreVary: true })) ?? (await cache.match(key, { ignoreSearch: true, ignoreVary: true }));
    if (found === undefined) throw error;
    const headers = new Headers(found.headers);
    headers.set('kervan-kept', headers.get('date') ?? 'yes');
    return new Response(await found.arrayBuffer(), { status: found.status, headers });
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  const path = url.pathname + url.search;
  if (request.mode === 'navigate' && url.pathname === '/') event.respondWith(fresh(request, SHELL, '/'));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(built(request));
  else if (url.pathname === '/theme.js' || url.pathname === '/mark.svg') event.respondWith(fresh(request, SHELL, url.pathname));
  else if (KEPT.some((known) => known.test(path))) event.respondWith(fresh(request, DATA, path));
});

/** Where the visitor is, kept in the address after `#`, so that every view can be linked and the server needs no routes. */
export interface Route {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

function readRoute(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  return { path: path.split('/').filter((part) => part !== '').map(decodePart), query: new URLSearchParams(query) };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let current = $state.raw<Route>({ path: [], query: new URLSearchParams() });

export function route(): Route {
  return current;
}

export function startRouter(): void {
  current = readRoute();
  addEventListener('hashchange', () => {
    current = readRoute();
  });
}

export function href(path: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
  const search = given.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

/** Goes to a view. `replace` leaves no step in the browser's history: for filters and selections. */
export function go(address: string, replace = false): void {
  if (!replace) {
    location.hash = address;
    return;
  }
  history.replaceState(null, '', address);
  current = readRoute();
}

// A line to the server that can be cut: what a browser plays as "offline" does not reach a service worker that was started anew.
import { connect, createServer } from 'node:net';

/** A line of its own to `base`: its address, and how it is cut and mended. */
export async function openLine(base) {
  const { hostname, port } = new URL(base);
  const sockets = new Set();
  let whole = true;
  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const one of [near, far]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  server.unref();
  const drop = () => { for (const one of sockets) one.destroy(); };
  return {
    base: `http://127.0.0.1:${String(server.address().port)}`,
    cut: () => { whole = false; drop(); },
    mend: () => { whole = true; },
    close: () => { drop(); server.close(); },
  };
}

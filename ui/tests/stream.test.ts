import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../src/api/client';
import { EventReader, LONGEST, type ServerEvent } from '../src/api/events';
import { followStream, RESUME_WITHIN_MS, RETRY_FIRST_MS, RETRY_MOST_MS, SILENCE_MS, type Line, type StreamListener } from '../src/api/stream';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function readIn(pieces: readonly Uint8Array[]): ServerEvent[] {
  const reader = new EventReader();
  return pieces.flatMap((piece) => reader.read(piece));
}

describe('the reader of server-sent events', () => {
  it('reads what the standard says', () => {
    const cases: [string, Partial<ServerEvent>[]][] = [
      ['data: a\n\n', [{ name: 'message', data: 'a', id: '' }]],
      ['event: clock\ndata: {"x":1}\nid: 7\n\n', [{ name: 'clock', data: '{"x":1}', id: '7' }]],
      ['data: a\ndata:b\ndata\n\n', [{ data: 'a\nb\n' }]],
      ['data:  two spaces\n\n', [{ data: ' two spaces' }]],
      [': still here\n\ndata: a\n\n', [{ data: 'a' }]],
      ['event: empty\nid: 9\n\ndata: a\n\n', [{ name: 'message', data: 'a', id: '9' }]],
      ['id: 3\ndata: a\n\ndata: b\n\nid\ndata: c\n\n', [{ id: '3' }, { id: '3' }, { id: '' }]],
      ['id: 4\u0000\ndata: a\n\n', [{ id: '' }]],
      ['unknown: x\ndata: a\n\n', [{ data: 'a' }]],
      ['data: a\r\rdata: b\r\n\r\ndata: c\n\n', [{ data: 'a' }, { data: 'b' }, { data: 'c' }]],
      ['\ufeffdata: a\n\n', [{ data: 'a' }]],
      ['data: not whole\n', []],
      ['data: not even a line', []],
    ];
    for (const [text, events] of cases) expect(readIn([bytes(text)]), JSON.stringify(text)).toMatchObject(events);
    for (const [text, events] of cases) expect(readIn([bytes(text)])).toHaveLength(events.length);
  });

  it('reads the same wherever the bytes are cut', () => {
    const text = ': hello\r\nretry: 1500\r\nevent: movement\r\nid: 41\r\ndata: Тбилиси\r\ndata: 西安 🚂\r\n\r\nid: 42\ndata: b\n\rdata: c\r\revent: x\ndata: d\n\n';
    const whole = bytes(text);
    const expected = readIn([whole]);
    expect(expected.map((one) => one.data)).toEqual(['Тбилиси\n西安 🚂', 'b', 'c', 'd']);
    for (let a = 0; a <= whole.length; a += 1) {
      for (let b = a; b <= whole.length; b += 1) {
        expect(readIn([whole.subarray(0, a), whole.subarray(a, b), whole.subarray(b)]), `${String(a)}, ${String(b)}`).toEqual(expected);
      }
    }
    expect(readIn([...whole].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('takes a pause in digits only, and ends at what is too long', () => {
    const reader = new EventReader();
    reader.read(bytes('retry: 12a\nretry: -5\nretry:\n'));
    expect(reader.retry).toBeUndefined();
    reader.read(bytes('retry: 2500\n'));
    expect(reader.retry).toBe(2500);
    const half = 'x'.repeat(LONGEST / 2);
    expect(() => readIn([bytes(half), bytes(half), bytes('x')])).toThrow('too long');
    expect(() => readIn([bytes(`data: ${half}\n`), bytes(`data: ${half}\n`)])).toThrow('too long');
  });
});

/** One request for the stream, as the server sees it. */
interface Asked { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal; tell(text: string): void; end(): void; fail(): void; refuse(status: number): void; answer(type?: string): void }

/** A world whose time goes on only when it is told to. */
class World implements Line {
  readonly asked: Asked[] = [];
  readonly heard: string[] = [];
  private time = 0;
  private timers: { at: number; act: () => void }[] = [];

  readonly listener: StreamListener = {
    clock: () => this.heard.push('clock'), position: (tick) => this.heard.push(`position ${tick.consignment}`),
    consignment: (one) => this.heard.push(`consignment ${one.id}`), movement: (one) => this.heard.push(`movement ${one.id}`),
    alarm: () => this.heard.push('alarm'), opened: (resumed) => this.heard.push(resumed ? 'resumed' : 'opened'),
    lost: () => this.heard.push('lost'), refused: () => this.heard.push('refused'),
  };

  open(headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    return new Promise((resolve, reject) => {
      let body: ReadableStreamDefaultController<Uint8Array> | undefined;
      const stream = new ReadableStream<Uint8Array>({ start: (controller) => { body = controller; } });
      signal.addEventListener('abort', () => {
        const stopped = new DOMException('stopped', 'AbortError');
        reject(stopped);
        try { body?.error(stopped); } catch { /* It has ended already. */ }
      });
      this.asked.push({
        headers, signal,
        answer: (type = 'text/event-stream') => resolve(new Response(stream, { headers: { 'content-type': type } })),
        tell: (text) => { if (!signal.aborted) body?.enqueue(bytes(text)); },
        end: () => body?.close(),
        fail: () => reject(new ApiError({ type: 'about:blank', title: '', status: 0, code: 'unreachable' })),
        refuse: (status) => reject(new ApiError({ type: 'about:blank', title: 'no', status })),
      });
    });
  }
  after(wait: number, act: () => void): () => void {
    const timer = { at: this.time + wait, act };
    this.timers.push(timer);
    return () => { this.timers = this.timers.filter((one) => one !== timer); };
  }
  now(): number { return this.time; }
  chance(): number { return 1; }

  get waits(): number { return this.timers.length; }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let i = 0; i < 50; i += 1) await Promise.resolve();
    await new Promise((resolve) => { setImmediate(resolve); });
    for (let i = 0; i < 50; i += 1) await Promise.resolve();
  }
  async pass(wait: number): Promise<void> {
    this.time += wait;
    const due = this.timers.filter((timer) => timer.at <= this.time);
    this.timers = this.timers.filter((timer) => timer.at > this.time);
    for (const timer of due) timer.act();
    await this.settle();
  }
  get last(): Asked {
    const last = this.asked.at(-1);
    if (last === undefined) throw new Error('nothing was asked');
    return last;
  }
}

const told = (id: number): string => `id: ${String(id)}\nevent: consignment\ndata: {"id":"C${String(id)}"}\n\n`;

describe('the follower of the stream', () => {
  it('goes on after the last whole event, without a gap or a duplicate', async () => {
    const world = new World();
    const stop = followStream(world.listener, world);
    expect(world.last.headers).toEqual({ accept: 'text/event-stream' });
    world.last.answer();
    world.last.tell(told(7) + told(8) + told(9).slice(0, 20));
    await world.settle();
    world.last.end();
    await world.settle();
    expect(world.heard).toEqual(['opened', 'consignment C7', 'consignment C8', 'lost']);
    await world.pass(RETRY_FIRST_MS);
    expect(world.last.headers).toEqual({ accept: 'text/event-stream', 'last-event-id': '8' });
    world.last.answer();
    world.last.tell(`event: clock\ndata: {}\n\n${told(9)}`);
    await world.settle();
    expect(world.heard.slice(4)).toEqual(['resumed', 'clock', 'consignment C9']);
    stop();
  });

  it('comes back ever more slowly, and quickly again once it was answered', async () => {
    const world = new World();
    const stop = followStream(world.listener, world);
    for (let wait = RETRY_FIRST_MS, i = 1; i < 9; i += 1, wait = Math.min(wait * 2, RETRY_MOST_MS)) {
      world.last.fail();
      await world.settle();
      await world.pass(wait - 1);
      expect(world.asked).toHaveLength(i);
      await world.pass(1);
      expect(world.asked).toHaveLength(i + 1);
    }
    world.last.answer();
    world.last.tell('retry: 2500\n: the node stops\n\n');
    await world.settle();
    world.last.end();
    await world.settle();
    const before = world.asked.length;
    await world.pass(2_499);
    expect(world.asked).toHaveLength(before);
    await world.pass(1);
    expect(world.asked).toHaveLength(before + 1);
    stop();
  });
});

describe('what was not told', () => {
  it('asks for everything anew after a long break', async () => {
    const world = new World();
    const stop = followStream(world.listener, world);
    world.last.answer();
    world.last.tell(told(500));
    await world.settle();
    world.last.end();
    await world.settle();
    await world.pass(RESUME_WITHIN_MS + 1);
    expect(world.last.headers).not.toHaveProperty('last-event-id');
    world.last.answer();
    world.last.tell(told(520));
    await world.settle();
    expect(world.heard).toEqual(['opened', 'consignment C500', 'lost', 'opened', 'consignment C520']);
    stop();
  });

  it('asks for everything anew when the numbers are those of another store', async () => {
    const world = new World();
    const stop = followStream(world.listener, world);
    world.last.answer();
    world.last.tell(told(500));
    await world.settle();
    world.last.end();
    await world.settle();
    await world.pass(RETRY_FIRST_MS);
    world.last.answer();
    world.last.tell(told(20) + told(21));
    await world.settle();
    expect(world.heard).toEqual(['opened', 'consignment C500', 'lost', 'resumed', 'opened', 'consignment C20', 'consignment C21']);
    stop();
  });
});

describe('the end of following', () => {
  it('is not tried again where it is refused, but for other reasons', async () => {
    for (const [status, heard] of [[401, 'refused'], [403, 'refused'], [429, 'lost'], [500, 'lost'], [503, 'lost']] as const) {
      const world = new World();
      const stop = followStream(world.listener, world);
      world.last.refuse(status);
      await world.settle();
      await world.pass(RETRY_MOST_MS);
      expect([world.heard, world.asked.length], String(status)).toEqual([[heard], heard === 'lost' ? 2 : 1]);
      stop();
    }
    const world = new World();
    const stop = followStream(world.listener, world);
    world.last.answer('text/html');
    await world.settle();
    expect(world.heard).toEqual(['lost']);
    stop();
  });

  it('hears nothing after it was stopped, wherever it stood', async () => {
    const [asking, reading, resting] = [new World(), new World(), new World()];
    const stops = [asking, reading, resting].map((world) => followStream(world.listener, world));
    reading.last.answer();
    resting.last.fail();
    await reading.settle();
    stops.forEach((stop) => stop());
    reading.last.tell(told(1));
    for (const world of [asking, reading, resting]) {
      await world.pass(RETRY_MOST_MS * 9);
      expect([world.asked.length, world.last.signal.aborted, world.waits]).toEqual([1, true, 0]);
    }
    expect([asking.heard, reading.heard, resting.heard]).toEqual([[], ['opened'], ['lost']]);
  });

  it('gives up a line on which nothing comes, not one that only says that it is there', async () => {
    const world = new World();
    const stop = followStream(world.listener, world);
    world.last.answer();
    for (let i = 0; i < 9; i += 1) {
      world.last.tell(':\n\n');
      await world.settle();
      await world.pass(SILENCE_MS - 1);
    }
    expect(world.heard).toEqual(['opened']);
    await world.pass(SILENCE_MS);
    expect(world.heard).toEqual(['opened', 'lost']);
    stop();
  });

  it('goes on behind an event that nobody can read', async () => {
    const world = new World();
    const stop = followStream(world.listener, world);
    world.last.answer();
    world.last.tell('id: 5\nevent: movement\ndata: {"half\n\n');
    await world.settle();
    await world.pass(RETRY_FIRST_MS);
    expect(world.last.headers).toMatchObject({ 'last-event-id': '5' });
    stop();
  });
});

describe('the worker that keeps the page', () => {
  it('does not stand between the page and the stream', () => {
    const worker = readFileSync(new URL('../public/sw.js', import.meta.url), 'utf8');
    const listeners = new Map<string, (event: unknown) => void>();
    const self = { addEventListener: (name: string, act: (event: unknown) => void) => listeners.set(name, act), location: { origin: 'https://node.example' } };
    new Function('self', 'caches', 'fetch', worker)(self, { open: () => new Promise(() => undefined) }, () => new Promise(() => undefined));
    const answered = (path: string): boolean => {
      let taken = false;
      listeners.get('fetch')?.({ request: { method: 'GET', url: `https://node.example${path}`, mode: 'cors' }, respondWith: () => { taken = true; } });
      return taken;
    };
    expect(['/api/stream', '/api/stream?after=1', '/api/network', '/assets/x.js'].map(answered)).toEqual([false, false, true, true]);
  });
});

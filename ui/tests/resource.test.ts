import { describe, expect, it } from 'vitest';
import { Resource } from '../src/state/resource.svelte';

/** A server that answers when told to. */
function slow(): { ask: () => Promise<number>; answer: () => Promise<void>; asked: () => number } {
  const waiting: (() => void)[] = [];
  let asked = 0;
  return {
    ask: () => {
      const mine = ++asked;
      return new Promise((resolve) => { waiting.push(() => resolve(mine)); });
    },
    answer: async () => {
      waiting.shift()?.();
      for (let i = 0; i < 5; i += 1) await Promise.resolve();
    },
    asked: () => asked,
  };
}

describe('a resource', () => {
  it('shows what comes however often it is asked to be renewed meanwhile, and asks once more', async () => {
    const [list, server] = [new Resource<number>(), slow()];
    void list.load(server.ask);
    for (let i = 0; i < 9; i += 1) list.renew(server.ask);
    expect(server.asked()).toBe(1);
    await server.answer();
    expect([list.value, list.loading, server.asked()]).toEqual([1, true, 2]);
    await server.answer();
    expect([list.value, list.loading, server.asked()]).toEqual([2, false, 2]);
  });

  it('drops the answer to a question that is no longer asked, and what was to be renewed of it', async () => {
    const [list, first, second] = [new Resource<number>(), slow(), slow()];
    void list.load(first.ask);
    list.renew(first.ask);
    void list.load(() => second.ask().then((n) => n * 10));
    await first.answer();
    expect(list.value).toBeUndefined();
    await second.answer();
    await second.answer();
    expect([list.value, list.loading, first.asked()]).toEqual([10, false, 1]);
  });
});

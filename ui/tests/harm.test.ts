import { describe, expect, it } from 'vitest';
import { once } from '../src/api/sending';
import { formatMessage, intlVoice, parseMessage } from '../src/i18n/message';
import { deedOfAddress, deedOfAnswer } from '../src/state/guide.svelte';

describe('a deed on a line that breaks', () => {
  const lost = new Error('lost');
  const refused = new Error('refused');
  const isLost = (error: unknown): boolean => error === lost;
  const told = (answers: (Error | string)[], keys: string[]) => (key: string): Promise<string> => {
    keys.push(key);
    const answer = answers.shift() ?? lost;
    return typeof answer === 'string' ? Promise.resolve(answer) : Promise.reject(answer);
  };

  it('has one key until there is an answer, and then another', async () => {
    const keys: string[] = [];
    await expect(once('a', isLost, told([lost, lost], keys), [0])).rejects.toBe(lost);
    await expect(once('a', isLost, told(['done'], keys), [])).resolves.toBe('done');
    await expect(once('a', isLost, told([refused], keys), [])).rejects.toBe(refused);
    await once('a', isLost, told(['done'], keys), []);
    expect([keys[0] === keys[1], keys[1] === keys[2], keys[2] === keys[3], keys[3] === keys[4]]).toEqual([true, true, false, false]);
  });

  it('keeps the keys of two deeds apart', async () => {
    const keys: string[] = [];
    await Promise.allSettled([once('b', isLost, told([lost], keys), []), once('c', isLost, told([lost], keys), [])]);
    expect(new Set(keys).size).toBe(2);
  });
});

describe('a text of others in a sentence', () => {
  it.each([
    ['Aktau', 'to Aktau'],
    ['gnp\u202eexe', 'to \u2068gnp\u202eexe\u202c\u2069'],
    ['شرکت', 'to \u2068شرکت\u2069'],
  ])('%j', (name, expected) => {
    expect(formatMessage(parseMessage('to {name}'), { name }, intlVoice('en'))).toBe(expected);
  });
});

describe('the guide', () => {
  it.each([
    [{ method: 'POST', path: '/api/plans', status: 200 }, 'plan'],
    [{ method: 'POST', path: '/api/plans', status: 422 }, undefined],
    [{ method: 'POST', path: '/api/consignments/C1/itinerary', status: 201 }, 'issue'],
    [{ method: 'POST', path: '/api/movements/C1/1/messages', status: 200 }, 'clear'],
    [{ method: 'GET', path: '/api/movements/C1/1/messages', status: 200 }, undefined],
  ])('sees %o', (answered, expected) => expect(deedOfAnswer(answered)).toBe(expected));

  it.each([
    [['consignments', 'C1', 'documents'], '', 'issue'], [['corridor'], 'consignment=C1', 'follow'], [[], 'consignment=C1', 'follow'], [['plan'], 'consignment=C1', undefined], [['consignments', 'C1'], '', undefined],
  ] as const)('sees the address %o?%s', (path, query, expected) => expect(deedOfAddress(path, new URLSearchParams(query))).toBe(expected));
});

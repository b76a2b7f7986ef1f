import { describe, expect, it } from 'vitest';
import { readPatterns, sayBy } from '../src/i18n/findings.svelte';

const words = readPatterns([
  { code: 'a.times', message: 'the rule {1} fired {2} times more', message_told: 'правило {1}: ещё {2} раз', remedy: 'look at {1}', remedy_told: 'посмотрите: {1}' },
  { code: 'a.shape', message: 'a row cannot be read', message_told: 'строку нельзя прочесть', remedy: '', remedy_told: '' },
  { code: 'a.own', message: 'see the message', message_told: 'см. сообщение', remedy: '', remedy_told: '' },
  { code: 'a.order', rule: 'one', message: '{1} names {2}, not {3} (kg)', message_told: '{3} вместо {2}: {1}', remedy: '', remedy_told: '' },
  { code: 'a.shape', message: '{1} entries that build on it do not count either', message_told: 'не считаются и записи на ней: {1}', remedy: '', remedy_told: '' },
  { code: 'a.read', message: 'it cannot be read: {1}', message_told: 'не читается: {1}', remedy: '', remedy_told: '' },
  { code: 'a.shape', message: 'ask for the whole file', message_told: 'запросите весь файл', remedy: '', remedy_told: '' },
  { code: 'a.order', rule: 'two', message: '{1} names {2}', message_told: '{1}: {2}', remedy: '', remedy_told: '' },
]);

describe('findings in another language', () => {
  it.each([
    ['a.times', undefined, 'the rule gross-mass fired 12 times more', 'правило gross-mass: ещё 12 раз'],
    ['a.order', 'one', 'CMR 1 names 5, 6, not 7 (kg)', '7 вместо 5, 6: CMR 1'],
    ['a.order', 'two', 'CMR 1 names 5', 'CMR 1: 5'],
    // What the server fills in is text, whatever it looks like.
    ['a.times', undefined, 'the rule $& {2} fired <b> times more', 'правило $& {2}: ещё <b> раз'],
    ['a.times', undefined, 'the rule gross-mass did something else', 'the rule gross-mass did something else'],
    ['a.shape', undefined, 'line 3 has 4 cells', 'строку нельзя прочесть: line 3 has 4 cells'],
    // What follows from a fault stands behind it, and is told whatever the fault is.
    ['a.read', undefined, 'it cannot be read: no key; 12 entries that build on it do not count either', 'не читается: no key; не считаются и записи на ней: 12'],
    ['a.read', undefined, 'it cannot be read: no key; nor that', 'не читается: no key; nor that'],
    ['a.own', undefined, 'line 3 has 4 cells', 'line 3 has 4 cells'],
    ['a.unknown', undefined, 'as it came', 'as it came'],
  ])('%s %s: %s', (code, rule, message, told) => {
    expect(sayBy({ code, message, ...(rule === undefined ? {} : { rule }) }, words).message).toBe(told);
  });

  it('tells a remedy only where it is the remedy of the table', () => {
    expect(sayBy({ code: 'a.times', message: '', remedy: 'look at it' }, words).remedy).toBe('посмотрите: it');
    expect(sayBy({ code: 'a.times', message: '', remedy: 'ask the officer' }, words).remedy).toBe('ask the officer');
    // The same advice is told for every code, once some row tells it.
    expect(sayBy({ code: 'a.times', message: '', remedy: 'ask for the whole file' }, words).remedy).toBe('запросите весь файл');
    expect(sayBy({ code: 'a.times', message: '' }, words).remedy).toBeUndefined();
  });
});

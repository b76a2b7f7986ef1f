/**
 * Canonical JSON (RFC 8785) of integers: members strictly ascending, every byte with exactly one way to be written. A reader
 * that takes the last of two members with one name could be made to see another document than the one that was signed.
 */
import { LIMITS } from './limits';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface NotCanonical { offset: number; code: string; message: string }

const FAULTS = {
  utf8: ['dossier.not-json', 'the text is not UTF-8'],
  mark: ['dossier.not-canonical', 'the text begins with a byte order mark'],
  syntax: ['dossier.not-json', 'the text is not JSON'],
  space: ['dossier.not-canonical', 'there is a space or line break between two tokens'],
  order: ['dossier.not-canonical', 'the members of an object are not in canonical order'],
  duplicate: ['dossier.duplicate-member', 'a member name stands twice in one object'],
  escape: ['dossier.not-canonical', 'a character is not written in its canonical form'],
  float: ['dossier.not-an-integer', 'a number is not a plain integer'],
  range: ['dossier.not-an-integer', 'an integer is beyond 2^53 - 1'],
  depth: ['dossier.too-deep', 'the value is nested too deep'],
  end: ['dossier.not-json', 'the text ends in the middle of a value'],
  trailing: ['dossier.not-json', 'something follows after the end of the value'],
} as const;
type Fault = keyof typeof FAULTS;

class Stop extends Error {
  constructor(readonly at: number, readonly fault: Fault) { super(fault); }
}

const SPACES = ' \t\n\r';
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' };
/** Control characters that have an escape of their own. */
const SHORT = [8, 9, 10, 12, 13];

class Scanner {
  at = 0;
  constructor(private readonly text: string) {}

  scan(): void {
    if (this.text.startsWith('\ufeff')) throw new Stop(0, 'mark');
    this.value(0);
    if (this.at < this.text.length) throw new Stop(this.at, this.isSpace() ? 'space' : 'trailing');
  }

  private peek(): string { return this.text.charAt(this.at); }
  private isSpace(): boolean { return this.peek() !== '' && SPACES.includes(this.peek()); }
  private unexpected(): never { throw new Stop(this.at, this.peek() === '' ? 'end' : this.isSpace() ? 'space' : 'syntax'); }

  private expect(character: string): void {
    if (this.peek() !== character) this.unexpected();
    this.at += 1;
  }

  private value(depth: number): void {
    if (depth > LIMITS.depth) throw new Stop(this.at, 'depth');
    const next = this.peek();
    if (next === '{') this.object(depth);
    else if (next === '[') this.array(depth);
    else if (next === '"') this.string();
    else if (/^[-0-9]/.test(next)) this.integer();
    else if (next === 't') this.word('true');
    else if (next === 'f') this.word('false');
    else if (next === 'n') this.word('null');
    else this.unexpected();
  }

  private word(word: string): void {
    for (const character of word) this.expect(character);
  }

  private array(depth: number): void {
    this.expect('[');
    if (this.taken(']')) return;
    for (;;) {
      this.value(depth + 1);
      if (this.taken(']')) return;
      this.expect(',');
    }
  }

  private object(depth: number): void {
    this.expect('{');
    if (this.taken('}')) return;
    let last: string | undefined;
    for (;;) {
      const start = this.at;
      const name = this.string();
      // JavaScript compares texts by UTF-16 code units, which is the order of RFC 8785.
      if (last !== undefined && last >= name) throw new Stop(start, last === name ? 'duplicate' : 'order');
      last = name;
      this.expect(':');
      this.value(depth + 1);
      if (this.taken('}')) return;
      this.expect(',');
    }
  }

  private taken(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  private string(): string {
    this.expect('"');
    let decoded = '';
    let from = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (Number.isNaN(code)) throw new Stop(this.at, 'end');
      if (code === 0x22) {
        decoded += this.text.slice(from, this.at);
        this.at += 1;
        return decoded;
      }
      if (code < 0x20) throw new Stop(this.at, 'escape');
      if (code === 0x5c) {
        decoded += this.text.slice(from, this.at) + this.escape();
        from = this.at;
      } else this.at += 1;
    }
  }

  private escape(): string {
    const start = this.at;
    this.at += 1;
    const next = this.peek();
    if (next === '') throw new Stop(this.at, 'end');
    if (next === '/') throw new Stop(start, 'escape');
    if (next === 'u') {
      const code = Number.parseInt(/^u(00[01][0-9a-f])/.exec(this.text.slice(this.at, this.at + 5))?.[1] ?? 'x', 16);
      if (Number.isNaN(code) || SHORT.includes(code)) throw new Stop(start, 'escape');
      this.at += 5;
      return String.fromCharCode(code);
    }
    const character = ESCAPES[next];
    if (character === undefined) throw new Stop(this.at, 'syntax');
    this.at += 1;
    return character;
  }

  private integer(): void {
    const start = this.at;
    if (this.peek() === '-') this.at += 1;
    const from = this.at;
    while (/^[0-9]/.test(this.peek())) this.at += 1;
    const digits = this.text.slice(from, this.at);
    if (digits === '') this.unexpected();
    const leading = digits.length > 1 && digits.startsWith('0');
    const negativeZero = this.text.charAt(start) === '-' && /^0+$/.test(digits);
    if (leading || negativeZero || /^[.eE]/.test(this.peek())) throw new Stop(start, 'float');
    if (BigInt(digits) > BigInt(Number.MAX_SAFE_INTEGER)) throw new Stop(start, 'range');
  }
}

/** How many bytes the first `characters` of a text take in UTF-8: offsets are told in bytes, as every other reader does. */
const bytesUpTo = (text: string, characters: number): number => new TextEncoder().encode(text.slice(0, characters)).length;

/** What is first wrong with bytes that should be one canonical JSON value; else their text. */
export function readCanonical(bytes: Uint8Array): { text: string } | NotCanonical {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return told(validUpTo(bytes), 'utf8');
  }
  try {
    new Scanner(text).scan();
    return { text };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return told(bytesUpTo(text, error.at), error.fault);
  }
}

function told(offset: number, fault: Fault): NotCanonical {
  const [code, message] = FAULTS[fault];
  return { offset, code, message: `${message} at byte ${String(offset)}` };
}

/** How many bytes at the beginning are UTF-8. Source: Unicode, table 3-7. */
function validUpTo(bytes: Uint8Array): number {
  const between = (at: number, low: number, high: number): boolean => (bytes[at] ?? 0) >= low && (bytes[at] ?? 0) <= high;
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    const more = first < 0x80 ? 0 : between(at, 0xc2, 0xdf) ? 1 : between(at, 0xe0, 0xef) ? 2 : between(at, 0xf0, 0xf4) ? 3 : -1;
    if (more < 0) return at;
    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    for (let i = 1; i <= more; i += 1) if (!between(at + i, i === 1 ? low : 0x80, i === 1 ? high : 0xbf)) return at;
    at += more + 1;
  }
  return at;
}

/** Writes a value that was read from canonical JSON, the way it stood there. */
export function write(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${write(value[name])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

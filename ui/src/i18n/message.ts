/**
 * A small reader of ICU messages: `{name}`, `{n, number}`, `{n, plural, =0 {..} one {# item} other {# items}}` and
 * `{kind, select, a {..} other {..}}`, nested as needed. A quote escapes a brace: `'{'`.
 */

export type Argument = string | number;
export type Arguments = Readonly<Record<string, Argument>>;

type Choice = { readonly type: 'plural' | 'select'; readonly name: string; readonly cases: ReadonlyMap<string, Node[]> };
type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'argument'; readonly name: string; readonly number: boolean }
  | { readonly type: 'count' }
  | Choice;

export type Message = readonly Node[];

class Reader {
  private at = 0;
  constructor(private readonly source: string) {}

  read(inPlural: boolean, nested: boolean): Node[] {
    const nodes: Node[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') nodes.push({ type: 'text', text });
      text = '';
    };
    while (this.at < this.source.length) {
      const character = this.source.charAt(this.at);
      if (character === "'" && /['{}#]/.test(this.source.charAt(this.at + 1))) {
        text += this.source.charAt(this.at + 1);
        this.at += this.source.charAt(this.at + 2) === "'" && this.source.charAt(this.at + 1) !== "'" ? 3 : 2;
      } else if (character === '{') {
        flush();
        nodes.push(this.argument(inPlural));
      } else if (character === '}') {
        if (!nested) throw new SyntaxError(`unexpected } in "${this.source}"`);
        break;
      } else if (character === '#' && inPlural) {
        flush();
        nodes.push({ type: 'count' });
        this.at += 1;
      } else {
        text += character;
        this.at += 1;
      }
    }
    flush();
    return nodes;
  }

  private argument(inPlural: boolean): Node {
    this.expect('{');
    const name = this.word();
    if (this.taken('}')) return { type: 'argument', name, number: false };
    this.expect(',');
    const type = this.word();
    if (type === 'number') {
      this.expect('}');
      return { type: 'argument', name, number: true };
    }
    if (type !== 'plural' && type !== 'select') throw new SyntaxError(`unknown type ${type} in "${this.source}"`);
    this.expect(',');
    return { type, name, cases: this.cases(inPlural || type === 'plural') };
  }

  private cases(plural: boolean): Map<string, Node[]> {
    const cases = new Map<string, Node[]>();
    while (!this.taken('}')) {
      const key = this.word();
      this.expect('{');
      cases.set(key, this.read(plural, true));
      this.expect('}');
    }
    if (!cases.has('other')) throw new SyntaxError(`no "other" in "${this.source}"`);
    return cases;
  }

  private word(): string {
    this.space();
    const found = /^[=\w.-]+/.exec(this.source.slice(this.at))?.[0];
    if (found === undefined) throw new SyntaxError(`a word was expected in "${this.source}" at ${String(this.at)}`);
    this.at += found.length;
    return found;
  }

  private space(): void {
    while (/\s/.test(this.source.charAt(this.at))) this.at += 1;
  }

  private taken(character: string): boolean {
    this.space();
    if (this.source.charAt(this.at) !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    if (!this.taken(character)) throw new SyntaxError(`${character} was expected in "${this.source}" at ${String(this.at)}`);
  }
}

/** Errors: `SyntaxError` when the text is not a message. */
export function parseMessage(source: string): Message {
  return new Reader(source).read(false, false);
}

/** How a language speaks: which plural case a count takes, and how a number is written. */
export interface Voice { readonly plural: (count: number) => string; readonly number: (value: number) => string }

/** The voice of a language that the browser knows; a language it does not know takes the cases `one` and `other`. */
export function intlVoice(locale: string): Voice {
  const known = Intl.PluralRules.supportedLocalesOf([locale]).length > 0;
  const rules = new Intl.PluralRules(known ? locale : 'en');
  const numbers = new Intl.NumberFormat(locale);
  return { plural: (count) => rules.select(count), number: (value) => numbers.format(value) };
}

function choose(node: Choice, value: Argument, voice: Voice): Node[] {
  const fallback = node.cases.get('other') ?? [];
  if (node.type === 'select') return node.cases.get(String(value)) ?? fallback;
  const exact = node.cases.get(`=${String(value)}`);
  if (exact !== undefined) return exact;
  return node.cases.get(voice.plural(Number(value))) ?? fallback;
}

/** Letters written from the right, and marks that turn text around. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]/;

/** A text of others inside of a sentence: what turns it around ends with it. */
function isolated(text: string): string {
  return TURNS.test(text) ? `\u2068${text}${'\u202c'.repeat((text.match(/[\u202a\u202b\u202d\u202e]/g) ?? []).length)}\u2069` : text;
}

export function formatMessage(message: Message, values: Arguments, voice: Voice, count?: Argument): string {
  let out = '';
  for (const node of message) {
    if (node.type === 'text') out += node.text;
    else if (node.type === 'count') out += voice.number(Number(count ?? 0));
    else {
      const value = values[node.name] ?? '';
      if (node.type === 'argument') out += node.number ? voice.number(Number(value)) : isolated(String(value));
      else out += formatMessage(choose(node, value, voice), values, voice, node.type === 'plural' ? value : count);
    }
  }
  return out;
}

/** The arguments a message reads with the type of each, and the plural cases it gives: what the completeness test compares. */
export function describeMessage(message: Message): { names: Set<string>; plurals: Set<string>[] } {
  const names = new Set<string>();
  const plurals: Set<string>[] = [];
  for (const node of message) {
    if (node.type === 'text' || node.type === 'count') continue;
    names.add(node.type === 'argument' ? `${node.name}${node.number ? ' number' : ''}` : `${node.name} ${node.type}`);
    if (node.type === 'argument') continue;
    if (node.type === 'plural') plurals.push(new Set(node.cases.keys()));
    for (const nodes of node.cases.values()) {
      const inner = describeMessage(nodes);
      inner.names.forEach((name) => names.add(name));
      plurals.push(...inner.plurals);
    }
  }
  return { names, plurals };
}

/** An event of a stream of server-sent events. Its id is the last that the stream gave, or empty. */
export interface ServerEvent { readonly name: string; readonly data: string; readonly id: string }

/** Longest line, and longest event, that is read. A stream that sends a longer one is broken. Unit: characters. */
export const LONGEST = 8 * 1024 * 1024;

/**
 * Reads server-sent events (WHATWG HTML, 9.2.6) from bytes that come in pieces cut anywhere. What has begun when the stream ends is
 * dropped: it comes again, because its id was not taken.
 */
export class EventReader {
  private readonly decoder = new TextDecoder();
  /** A line that has begun. */
  private line = '';
  /** The last character was a carriage return: a line feed that follows ends no further line. */
  private returned = false;
  private data: string[] = [];
  private size = 0;
  private name = '';
  private nextId: string;
  /** How long the server asks to be left alone after a break, if it does. Unit: millisecond. */
  retry: number | undefined;

  /** `id` is the last one that whoever follows has taken. */
  constructor(id = '') {
    this.nextId = id;
  }

  /** The events that are whole with these bytes, in their order. Throws when a line or an event is too long. */
  read(bytes: Uint8Array): ServerEvent[] {
    const text = this.decoder.decode(bytes, { stream: true });
    const found: ServerEvent[] = [];
    let from = 0;
    if (this.returned && text.length > 0) {
      this.returned = false;
      if (text.startsWith('\n')) from = 1;
    }
    const ends = /\r\n?|\n/g;
    ends.lastIndex = from;
    for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
      const event = this.take(this.line + text.slice(from, end.index));
      if (event !== undefined) found.push(event);
      this.line = '';
      from = ends.lastIndex;
      this.returned = end[0] === '\r' && from === text.length;
    }
    this.line += text.slice(from);
    if (this.line.length > LONGEST) throw new Error('a line of the stream is too long');
    return found;
  }

  private take(line: string): ServerEvent | undefined {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    // A comment: the server says that it is still there.
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1);
    if (field === 'event') this.name = value;
    else if (field === 'data') this.add(value);
    else if (field === 'id' && !value.includes('\0')) this.nextId = value;
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.retry = Number(value);
    return undefined;
  }

  private add(value: string): void {
    this.size += value.length + 1;
    if (this.size > LONGEST) throw new Error('an event of the stream is too long');
    this.data.push(value);
  }

  private dispatch(): ServerEvent | undefined {
    const event = { name: this.name === '' ? 'message' : this.name, data: this.data.join('\n'), id: this.nextId };
    const told = this.data.length > 0;
    this.data = [];
    this.size = 0;
    this.name = '';
    return told ? event : undefined;
  }
}

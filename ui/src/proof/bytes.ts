/** Bytes, hashes and the numbers of Ed25519 that the checks need. Nothing here asks a server. */

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Whether this browser can check signatures here: it gives its cryptography to safe pages only (https, or this machine). */
export const canCheck = (): boolean => typeof globalThis.crypto === 'object' && typeof (globalThis.crypto as { subtle?: unknown }).subtle === 'object';

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

export const sha256Hex = async (text: string): Promise<string> => hex(await sha256(utf8(text)));

/** The bytes of a base58 text, if there are exactly `length` of them. */
export function decodeBase58(text: string, length: number): Uint8Array<ArrayBuffer> | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    let carry = BASE58.indexOf(character);
    if (carry < 0 || bytes.length > length) return undefined;
    for (let i = 0; i < bytes.length; i += 1) {
      carry += (bytes[i] ?? 0) * 58;
      bytes[i] = carry & 0xff;
      carry >>= 8;
    }
    while (carry > 0) {
      bytes.push(carry & 0xff);
      carry >>= 8;
    }
  }
  // Each leading one stands for a zero byte.
  for (const character of text) {
    if (character !== '1') break;
    bytes.push(0);
  }
  return bytes.length === length ? new Uint8Array(bytes.reverse()) : undefined;
}

const P = 2n ** 255n - 19n;
/** The ordinates of the eight points of small order: under such a key one signature fits many messages. */
const SMALL_ORDER = new Set([0n, 1n, P - 1n, ordinate('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'), ordinate('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')]);

function ordinate(digits: string): bigint {
  const bytes = digits.match(/../g) ?? [];
  return BigInt(`0x${[...bytes].reverse().join('')}`) & (2n ** 255n - 1n);
}

const ordinateOf = (point: Uint8Array): bigint => ordinate(hex(point)) % P;

export const isSmallOrder = (point: Uint8Array): boolean => SMALL_ORDER.has(ordinateOf(point));

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if ((e & 1n) === 1n) result = (result * b) % P;
  return result;
}

/** Whether 32 bytes are a point of the curve. Source: RFC 8032 section 5.1.3. */
export function isPoint(bytes: Uint8Array): boolean {
  const y2 = ordinateOf(bytes) ** 2n % P;
  const d = ((P - 121_665n) * power(121_666n, P - 2n)) % P;
  const x2 = ((y2 + P - 1n) * power(d * y2 + 1n, P - 2n)) % P;
  return x2 === 0n || power(x2, (P - 1n) / 2n) === 1n;
}

const keys = new Map<string, Promise<CryptoKey>>();

/** Whether `signature` is one of `message`, by the strict rules: no point of small order. */
export async function verifies(key: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>): Promise<boolean> {
  if (isSmallOrder(signature.subarray(0, 32))) return false;
  const name = hex(key);
  let imported = keys.get(name);
  if (imported === undefined) {
    imported = crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
    keys.set(name, imported);
  }
  return crypto.subtle.verify({ name: 'Ed25519' }, await imported, signature, message);
}

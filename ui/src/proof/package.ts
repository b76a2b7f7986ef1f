/** The files of a package (`.zip`, `.asice`): stored as they are, one after another. Their form is `crates/dossier/src/package_zip.rs`. */

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const HEADER = 30;

export const isPackage = (bytes: Uint8Array): boolean => bytes.length > HEADER && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === LOCAL;

/** The files by name; `undefined` if the bytes are no package of ours. A name that stands twice makes it none. */
export function readPackage(bytes: Uint8Array): Map<string, Uint8Array> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + HEADER <= bytes.length && view.getUint32(at, true) === LOCAL) {
    const [method, length, nameLength, extra] = [view.getUint16(at + 8, true), view.getUint32(at + 22, true), view.getUint16(at + 26, true), view.getUint16(at + 28, true)];
    const start = at + HEADER + nameLength;
    if (method !== 0 || extra !== 0 || start + length > bytes.length) return undefined;
    const name = new TextDecoder().decode(bytes.subarray(at + HEADER, start));
    if (files.has(name)) return undefined;
    files.set(name, bytes.subarray(start, start + length));
    at = start + length;
  }
  return at + 4 <= bytes.length && view.getUint32(at, true) === CENTRAL ? files : undefined;
}

export const DOSSIER = 'dossier.json';

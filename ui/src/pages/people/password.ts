/** A password needs as many characters (the node says so too). */
export const LEAST_PASSWORD = 15;
/** Letters and digits that nobody takes for another when they are read out or written down. 32 of them: five bits each. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzT23456789';
const GROUPS = 5;
const IN_GROUP = 4;

/** A password drawn at random, of a hundred bits, in groups that can be read out. */
export function makePassword(draw: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const letters = [...draw(new Uint8Array(GROUPS * IN_GROUP))].map((byte) => LETTERS.charAt(byte % LETTERS.length));
  return Array.from({ length: GROUPS }, (_, i) => letters.slice(i * IN_GROUP, (i + 1) * IN_GROUP).join('')).join('-');
}

/** The limits of `crates/dossier/src/limits.rs` that a reader needs, with the same values: what one refuses, the other does. */
export const LIMITS = {
  fileBytes: 256 * 1024 * 1024,
  entries: 100_000,
  depth: 64,
  groupBytes: 1024 * 1024,
  groups: 16,
  parents: 64,
  audience: 128,
  participants: 128,
  marks: 4_000,
  marksOfDeclarant: 1_000,
  marksOfParty: 100,
  clockSkewSeconds: 600n,
  revocations: 64,
  did: 512,
  findings: 1_000,
} as const;

/** The map's colours, read from the design tokens, so that there is one place where a colour is decided. */
const TOKENS = {
  sea: '--map-sea', land: '--map-land', coast: '--map-coast', border: '--map-border', label: '--map-label',
  seaLabel: '--map-sea-label', place: '--map-place', halo: '--map-halo', graticule: '--map-graticule', surface: '--surface',
  ink: '--ink', inkSoft: '--ink-soft', accent: '--accent', rail: '--mode-rail', road: '--mode-road', seaLane: '--mode-sea', ferry: '--mode-ferry',
  water: '--mode-water', draft: '--state-draft', planned: '--state-planned', moving: '--state-moving', held: '--state-held',
  done: '--state-done',
} as const;

export type Palette = Readonly<Record<keyof typeof TOKENS, string>>;

/** Resolves the tokens in the theme shown now. A probe element does it, because `light-dark()` resolves only in use. */
export function readPalette(): Palette {
  const probe = document.createElement('span');
  // A transition, however short, would give the colour before for the one that was asked for.
  probe.style.setProperty('transition', 'none', 'important');
  document.body.append(probe);
  const colours = {} as Record<keyof typeof TOKENS, string>;
  for (const [name, token] of Object.entries(TOKENS) as [keyof typeof TOKENS, string][]) {
    probe.style.color = `var(${token})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

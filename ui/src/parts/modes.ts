import type { Mode } from '../api/types';

/** The dash patterns of the modes as SVG draws them, three wide; the map's own stand in map/style.ts. */
export const MODE_PATTERNS: Readonly<Record<Mode, string | undefined>> = {
  rail: undefined, road: '11 2.5', sea: '6 3.5', ferry: '2.5 2.8', inland_water: '9 3',
};

export const MODES: readonly Mode[] = ['rail', 'road', 'sea', 'ferry', 'inland_water'];

export const modeToken = (mode: Mode): string => `var(--mode-${mode === 'inland_water' ? 'water' : mode})`;

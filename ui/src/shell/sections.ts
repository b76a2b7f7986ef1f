import type { MessageKey } from '../i18n/i18n.svelte';
import type { IconName } from '../parts/icons';

export const SECTIONS: readonly { id: string; label: MessageKey; icon: IconName }[] = [
  { id: 'corridor', label: 'nav.corridor', icon: 'route' },
  { id: 'consignments', label: 'nav.consignments', icon: 'container' },
  { id: 'clearance', label: 'nav.clearance', icon: 'stamp' },
  { id: 'desk', label: 'nav.desk', icon: 'person' },
  { id: 'plan', label: 'nav.plan', icon: 'compass' },
  { id: 'verify', label: 'nav.verify', icon: 'seal' },
];

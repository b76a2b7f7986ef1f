import { mount } from 'svelte';
import './design/fonts.css';
import './design/tokens.css';
import './design/base.css';
import App from './App.svelte';
import { startLanguage } from './i18n/i18n.svelte';
import { startHands } from './state/hands';
import { startRouter } from './state/router.svelte';
import { startSettings } from './state/settings.svelte';

const target = document.getElementById('app');
if (target !== null) {
  startHands();
  startSettings();
  startRouter();
  // A language other than English is a small file; waiting for it spares the reader a flash of English.
  void startLanguage().finally(() => mount(App, { target }));
}

// Every page of Kervan, for the specs that look at all of them.
import { base, tokenOf } from './browser.mjs';
import { PLACES } from './people.mjs';

const READY = '2026-12-01T08:00';

/** A consignment with much to see: under way or held. */
export async function idToLookAt() {
  const { items } = await (await fetch(`${base}/api/consignments`)).json();
  return (items.find((one) => one.state === 'in_transit' || one.state === 'held') ?? items[0]).id;
}

/** An officer at whose desk something lies, if there is one. */
async function officerWithWork() {
  const cast = await (await fetch(`${base}/api/play/cast`)).json();
  const officers = cast.filter((member) => member.officer !== undefined);
  for (const member of officers) {
    const lines = await (await fetch(`${base}/api/worklist?territory=${member.roles[0].territory}`)).json();
    if (Array.isArray(lines) && lines.length > 0) return tokenOf((one) => one.id === member.id && one.officer?.id === member.officer.id);
  }
  return tokenOf((member) => member.id === officers[0].id && member.officer !== undefined);
}

/** Every page: its name, its address, and whose page it is. Those of one visitor stand together. */
export async function pagesOf() {
  const id = await idToLookAt();
  const officer = await officerWithWork();
  const forwarder = await tokenOf((member) => member.roles.some((role) => role.role === 'forwarder'));
  const plan = `plan?from=CNXIA&to=TRIST&ready=${READY}&equipment=1x45G1`;
  const pages = [
    ['corridor', ''], ['corridor with a place', 'corridor?place=KZAAU'], ['corridor with a consignment', `corridor?consignment=${id}`], ['state of the corridor', 'corridor/state'],
    ['consignments', 'consignments'], ['journey', `consignments/${id}`], ['clearance of one', `consignments/${id}/clearance`], ['documents', `consignments/${id}/documents`],
    ['dossier', `consignments/${id}/dossier`], ['events', `consignments/${id}/events`], ['clearance', 'clearance'], ['desk of nobody', 'desk'],
    // An address with a whole request plans at once, but only where the page of plans was not open before.
    ['alternatives', plan], ['matrix', `plan/matrix?from=CNXIA,UZTAS&to=TRIST,ROCND&ready=${READY}&equipment=1x45G1`], ['flows', 'corridor/flows'], ['over time', 'corridor/state?view=trend&kind=place'],
    ['verify', 'verify'], ['plan', 'plan'], ['an unknown address', 'nothing-here'], ['desk of an officer', 'desk', officer], ['desk of a forwarder', 'desk', forwarder],
  ];
  for (const [name, address] of PLACES) if (!pages.some(([, path]) => address === `#/${path}`)) pages.splice(-2, 0, [name, address.replace(/^#\//, '')]);
  return pages;
}

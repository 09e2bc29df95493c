// The resources of the last translations as JSON, without secrets.
import { h } from './preact.module.js';
import { Section } from './parts.js';

const KINDS = { listener: 'Listener', routes: 'Route configuration', cluster: 'Cluster', endpoints: 'Endpoints' };
const MOST = 100;

export async function openXds(kind, name) {
  const response = await fetch(`debug/xds?kind=${encodeURIComponent(kind)}&name=${encodeURIComponent(name)}`);
  return { kind, name, text: response.ok ? await response.text() : `${response.status}: ${await response.text()}` };
}

export function Xds({ xds, actions }) {
  return h(Section, { id: 'xds', title: 'xDS', intro: 'What the proxies get. Keys, certificates, scripts, header values and settings of users\' own filters are left out.' },
    xds.names
      ? [h('p', { class: 'search' }, h('label', { for: 'xds-filter' }, 'Filter by name'),
        h('input', { id: 'xds-filter', type: 'search', value: xds.filter, onInput: (event) => actions.filterXds(event.target.value) })),
      h(Names, { xds, actions })]
      : h('button', { type: 'button', onClick: actions.listXds }, 'List all resources'),
    xds.open ? h(Dialog, { open: xds.open, actions }) : null);
}

function Names({ xds, actions }) {
  const wanted = xds.filter.toLowerCase();
  const found = Object.keys(KINDS).flatMap((kind) =>
    (xds.names[kind] || []).filter((name) => name.toLowerCase().includes(wanted)).map((name) => [kind, name]));
  return [
    h('ul', { class: 'lines' }, found.slice(0, MOST).map(([kind, name]) => h('li', { key: kind + name },
      h('button', { type: 'button', class: 'link', onClick: () => actions.openXds(kind, name) }, `${KINDS[kind]} ${name}`)))),
    found.length > MOST ? h('p', { class: 'hint' }, `${found.length - MOST} more: filter by name.`) : null,
  ];
}

function Dialog({ open, actions }) {
  return h('dialog', {
    'aria-labelledby': 'xds-title',
    ref: (dialog) => { if (dialog && !dialog.open) dialog.showModal(); },
    onClose: actions.closeXds,
  },
  h('div', { class: 'dialog-head' },
    h('h3', { id: 'xds-title' }, `${open.kind} ${open.name}`),
    h('button', { type: 'button', onClick: (event) => event.target.closest('dialog').close() }, 'Close')),
  h('pre', { tabindex: '0', 'aria-label': 'JSON' }, open.text));
}

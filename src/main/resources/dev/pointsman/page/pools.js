// Pools with their pickers and pods.
import { h } from './preact.module.js';
import { Badge, Disclosure, Lines, Section, XdsButton, readiness } from './parts.js';

const SHOWN = 8;

export function Endpoints({ endpoints }) {
  if (!endpoints) return h('span', { class: 'hint' }, 'not known');
  if (endpoints.length === 0) return h(Badge, { kind: 'bad' }, 'none now');
  if (endpoints[0].startsWith('/')) return h('span', null, 'through a loop of the proxy, in which the pool\'s own picker chooses');
  const more = endpoints.length - SHOWN;
  return h('span', { class: 'mono' }, endpoints.slice(0, SHOWN).join(', '), more > 0 ? ` and ${more} more` : '');
}

export function Pools({ data, actions }) {
  return h(Section, { id: 'pools', title: 'Pools' },
    data.pools.length === 0
      ? h('p', { class: 'empty' }, 'No InferencePool is known. Check: ', h('code', null, 'kubectl get inferencepools -A'))
      : h('ul', { class: 'rules' }, data.pools.map((pool) => h('li', { key: pool.endpoints }, h(Disclosure, {
        class: 'rule',
        summary: [h('span', { class: 'model' }, pool.name),
          h('span', { class: 'ways' }, pool.picker ? `picker ${pool.picker.service}` : 'no picker'),
          h('span', { class: 'marks' }, pool.problems.length ? h(Badge, { kind: 'warn' }, 'problem') : null, readiness(pool))],
        body: () => h('div', { class: 'rule-body' }, h(PoolFacts, { pool, actions })),
      })))),
    data.poolsInAll > data.pools.length ? h('p', { class: 'hint' }, `${data.poolsInAll - data.pools.length} more pools not shown.`) : null);
}

export function PoolFacts({ pool, actions }) {
  return [
    h('dl', { class: 'facts' },
      h('dt', null, 'State'), h('dd', null, pool.summary, ' ', h(XdsButton, { kind: 'endpoints', name: pool.endpoints, actions, label: 'endpoints sent' })),
      h('dt', null, 'Selector'), h('dd', { class: 'mono' }, pool.selector),
      h('dt', null, 'Ports'), h('dd', null, pool.ports.join(', ')),
      pool.picker ? [h('dt', null, 'Picker'), h('dd', null, `${pool.picker.service}, ${pool.picker.failsOpen ? 'fails open' : 'fails closed'}; endpoints: `,
        h(Endpoints, { endpoints: pool.picker.endpoints }))] : null),
    pool.problems.length ? h(Lines, { items: pool.problems, empty: '' }) : null,
    pool.pods.length === 0 ? null : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `Pods of ${pool.name}` },
      h('table', null,
        h('thead', null, h('tr', null, ['Pod', 'Address', 'State'].map((name) => h('th', { key: name, scope: 'col' }, name)))),
        h('tbody', null, pool.pods.map((pod) => h('tr', { key: pod.name },
          h('th', { scope: 'row' }, pod.name), h('td', { class: 'mono' }, pod.ip || '–'),
          h('td', null, h(Badge, { kind: pod.serves ? 'good' : 'warn' }, pod.state))))))),
    pool.selected > pool.pods.length ? h('p', { class: 'hint' }, `${pool.selected - pool.pods.length} more pods not shown.`) : null,
  ];
}

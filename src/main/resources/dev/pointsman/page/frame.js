// The head of the page, and advice while there is nothing to show.
import { h } from './preact.module.js';
import { Badge } from './parts.js';

const CONNECTIONS = {
  connecting: ['neutral', 'connecting'],
  live: ['good', 'live'],
  lost: ['bad', 'not connected: showing the last data'],
};

const SECTIONS = [
  ['models', 'Models'],
  ['explain', 'Explain a request'],
  ['pools', 'Pools'],
  ['problems', 'Diagnostics'],
  ['translations', 'Translations'],
  ['xds', 'xDS'],
];

export function Header({ state }) {
  const [kind, words] = CONNECTIONS[state.connection];
  const problems = state.data ? state.data.diagnostics.length : 0;
  return h('header', null,
    h('div', { class: 'brand' },
      h('img', { src: 'icon.svg', alt: '', width: 28, height: 28 }),
      h('h1', null, 'Pointsman'),
      h(Badge, { kind }, words),
      state.data ? h(Badge, { kind: state.data.ready ? 'good' : 'bad' },
        state.data.ready ? 'ready' : state.data.state.split('\n')[0]) : null),
    h('nav', { 'aria-label': 'Sections' },
      h('ul', null, SECTIONS.map(([id, title]) => h('li', { key: id },
        h('a', { href: `#${id}` }, title,
          id === 'problems' && problems > 0 ? h('span', { class: 'count' }, ` ${problems}`) : null))))));
}

export function Banner({ data }) {
  const lines = data.state.split('\n').slice(data.ready ? 1 : 0);
  return [
    lines.length > 0 ? h('div', { class: 'banner', role: 'note' }, lines.map((line) => h('p', { key: line }, line))) : null,
    data.translations.length === 0 ? h(NeverCalled, null) : null,
  ];
}

/** Envoy Gateway has not called: how to find out why. */
function NeverCalled() {
  return h('div', { class: 'banner', role: 'note' },
    h('h2', null, 'Envoy Gateway has not called this replica yet'),
    h('p', null, 'Routes appear here after its first translation. If none comes:'),
    h('ol', null,
      h('li', null, 'With several replicas Envoy Gateway calls one of them. Look at the other Pods, too: ',
        h('code', null, 'kubectl -n envoy-gateway-system port-forward pod/NAME 8080')),
      h('li', null, 'Its configuration needs the block of ', h('code', null, 'pointsman gateway-config'),
        ' (in the chart: ConfigMap pointsman-envoy-gateway), and Envoy Gateway a restart after it: ',
        h('code', null, 'kubectl -n envoy-gateway-system rollout restart deployment/envoy-gateway')),
      h('li', null, 'A Gateway of Envoy Gateway\'s class must exist: ',
        h('code', null, 'kubectl get gatewayclass,gateway -A')),
      h('li', null, 'Envoy Gateway\'s log names a server that it cannot reach: ',
        h('code', null, 'kubectl -n envoy-gateway-system logs deployment/envoy-gateway | grep -i extension'))));
}

// The answer to a question: the result first, then the way step by step.
import { h } from './preact.module.js';
import { Badge, Lines, XdsButton, plural, stages } from './parts.js';
import { End } from './rule.js';

export function Explanation({ explained, result, data, actions }) {
  const { request, end } = explained;
  const routed = stages(end).some((stage) => stage.is === 'Forwarded');
  return h('article', { class: 'card', 'aria-label': 'Explanation' },
    h('p', { class: 'result', id: 'result', tabindex: '-1' }, h(Badge, { kind: routed ? 'good' : 'bad' }, routed ? 'routed' : String(end.status)), ' ', result),
    h('dl', { class: 'facts' },
      h('dt', null, 'Request'), h('dd', { class: 'mono' }, `${request.method} ${request.path} to ${request.host}`),
      h('dt', null, 'Listener'), h('dd', null, explained.listener, ' ', h(XdsButton, { kind: 'listener', name: explained.listener, actions })),
      h('dt', null, 'Virtual host'), h('dd', null, explained.virtualHost || 'none takes this host'),
      h('dt', null, 'Model'), h('dd', null, explained.reading ? `${explained.reading.model ?? 'none'}: ${explained.reading.because}` : 'no body is read here'),
      explained.gates.length ? [h('dt', null, 'May respond instead'), h('dd', null, explained.gates.join(', '))] : null,
      explained.unread.length ? [h('dt', null, 'Not read here'), h('dd', null, explained.unread.join(', '))] : null),
    h('ol', { class: 'steps' }, explained.choices.map((choice, index) => h('li', { key: index }, h(Choice, { choice, actions })))),
    h('h3', null, 'In the end'), h(End, { end, data, actions }),
    explained.diagnostics.length ? [h('h3', null, 'Diagnostics on the way'), h(Lines, { items: explained.diagnostics, empty: '' })] : null);
}

function Choice({ choice, actions }) {
  const lost = choice.lost.length + choice.others;
  return [
    h('p', null, h('strong', null, `Route ${choice.stage}: `),
      choice.route ? [h('span', { class: 'mono' }, choice.route), choice.owner ? ` of ${choice.owner}` : '', `, number ${choice.position} of its host `,
        h(XdsButton, { kind: 'route', name: choice.route, actions })] : 'none takes the request'),
    lost === 0 ? null : h('details', { open: choice.stage !== 'at first' },
      h('summary', null, `Why not the ${plural(lost, 'route')} before it?`),
      h('ul', { class: 'lines' }, choice.lost.map((route) => h('li', { key: route.route },
        h('span', { class: 'mono' }, route.route), route.owner ? ` of ${route.owner}` : '', ': ', h('em', null, route.unmet.join('; '))))),
      choice.others > 0 ? h('p', { class: 'hint' }, `${choice.others} more that fit less`) : null),
  ];
}

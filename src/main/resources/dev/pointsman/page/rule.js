// One rule: in a line, and with all that it leads to.
import { h } from './preact.module.js';
import { Badge, Bar, Disclosure, Lines, XdsButton, percent, poolsOf, readiness, stages } from './parts.js';
import { Endpoints, PoolFacts } from './pools.js';

export function RuleSummary({ rule, data }) {
  return [
    h('span', { class: 'model' }, rule.models.length ? rule.models.join(', ') : 'any request'),
    h('span', { class: 'ways' }, h(EndInLine, { end: rule.end })),
    h('span', { class: 'marks' },
      stages(rule.end)[0].mirrors?.length ? h(Badge, { kind: 'neutral' }, `mirrored ${stages(rule.end)[0].mirrors.length}×`) : null,
      rule.end.is === 'Staged' ? h(Badge, { kind: 'neutral' }, 'fallback') : null,
      h(Health, { rule, data })),
  ];
}

/** The diagnostics that begin with the rule's object, or with a pool of its shares. */
function diagnosticsOf(rule, data) {
  const pools = stages(rule.end).flatMap((end) => [...(end.shares || []), ...(end.mirrors || [])]).map((share) => share.pool).filter(Boolean);
  const objects = [rule.owner, ...pools.map((pool) => `InferencePool ${pool}`)].filter(Boolean);
  return data.diagnostics.filter((line) => objects.some((object) => line.startsWith(`${object} `) || line.startsWith(`${object}:`)));
}

function EndInLine({ end }) {
  if (end.is === 'Staged') return h(EndInLine, { end: end.stages[0] });
  if (end.is === 'Answered') return h('span', null, `${end.status} ${end.code}`);
  if (end.is === 'Redirected') return h('span', null, `${end.status} to ${end.target}`);
  return end.shares.map((share, index) => h('span', { class: 'way', key: share.cluster },
    index > 0 ? ' · ' : '', `${percent(share.percent)} ${share.pool || share.cluster}`));
}

function Health({ rule, data }) {
  const [end] = stages(rule.end);
  if (end.is !== 'Forwarded') return h(Badge, { kind: 'bad' }, 'responds itself');
  const used = end.shares.filter((share) => share.percent > 0);
  if (used.some((share) => share.error)) return h(Badge, { kind: 'bad' }, 'requests fail');
  const pools = used.flatMap((share) => poolsOf(data, share));
  if (pools.some((pool) => pool.ready < pool.selected)) return h(Badge, { kind: 'warn' }, 'some pods not ready');
  if (diagnosticsOf(rule, data).length > 0) return h(Badge, { kind: 'warn' }, 'diagnostics');
  const isKnown = used.every((share) => share.endpoints);
  return h(Badge, { kind: isKnown ? 'good' : 'neutral' }, isKnown ? 'ready' : 'endpoints not known');
}

export function Rule({ rule, data, actions }) {
  return h('div', { class: 'rule-body' },
    h('dl', { class: 'facts' },
      h('dt', null, 'Rule of'), h('dd', null, rule.owner || 'Pointsman', ' ', h(XdsButton, { kind: 'route', name: rule.route, actions })),
      rule.conditions.length ? [h('dt', null, 'If'), h('dd', null, rule.conditions.join('; '))] : null),
    h(End, { end: rule.end, data, actions }),
    diagnosticsOf(rule, data).length ? [h('p', { class: 'label' }, 'Diagnostics'), h(Lines, { items: diagnosticsOf(rule, data), empty: '' })] : null,
    rule.models.length ? h('button', { type: 'button', onClick: () => actions.explain({ model: rule.models[0] }) },
      `Explain a request for ${rule.models[0]}`) : null);
}

/** The end of a way: shares, mirrors and limits, the stages of a fallback, or a response of the gateway's own. */
export function End({ end, data, actions }) {
  if (end.is === 'Staged') {
    return end.stages.map((stage, index) => (index === 0 ? h(End, { key: index, end: stage, data, actions })
      : h('div', { key: index, class: 'stage' }, h('p', { class: 'label' }, `Then, after ${end.when}`), h(End, { end: stage, data, actions }))));
  }
  if (end.is === 'Answered') {
    return h('p', { class: 'answer' }, h(Badge, { kind: 'bad' }, `${end.status} ${end.code}`), ` ${end.cause}`);
  }
  if (end.is === 'Redirected') return h('p', { class: 'answer' }, `Redirect ${end.status} to ${end.target}`);
  return [
    h('ul', { class: 'shares', 'aria-label': 'Shares' },
      end.shares.map((share) => h('li', { key: share.cluster }, h(Share, { share, data, actions })))),
    end.mirrors.length ? [h('p', { class: 'label' }, 'Copies (mirrors)'), h('ul', { class: 'lines' }, end.mirrors.map((mirror) =>
      h('li', { key: mirror.cluster }, `${percent(mirror.percent)} copied to ${mirror.pool ? `InferencePool ${mirror.pool}` : mirror.cluster} `,
        poolsOf(data, mirror).map(readiness), ' ', h(Endpoints, { endpoints: mirror.endpoints }), ' ', h(XdsButton, { kind: 'cluster', name: mirror.cluster, actions }))))] : null,
    [...end.limits, ...end.headers].length ? h('p', { class: 'hint' }, [...end.limits, ...end.headers].join(' · ')) : null,
    end.largeBodies ? h('p', { class: 'hint' }, `Bodies of 4 MB and more ${end.largeBodies}`) : null,
  ];
}

function Share({ share, data, actions }) {
  const pools = poolsOf(data, share);
  return [
    h('p', { class: 'share' },
      h('strong', { class: 'percent' }, percent(share.percent)), h(Bar, { value: share.percent }),
      h('span', null, share.pool ? `InferencePool ${share.pool}` : share.cluster), ' ',
      pools.map(readiness), ' ', h(XdsButton, { kind: 'cluster', name: share.cluster, actions })),
    share.error ? h('p', { class: 'answer' }, h(Badge, { kind: 'bad' }, `${share.error.status} ${share.error.code}`), ` ${share.error.cause}`) : null,
    h('dl', { class: 'facts' },
      share.subset ? [h('dt', null, 'Subset'), h('dd', null, `pods with ${share.subset}`)] : null,
      share.picker ? [h('dt', null, 'Picker'), h('dd', null, `${share.picker.service}, ${share.picker.tls}, ${share.picker.failsOpen ? 'fails open' : 'fails closed'}; endpoints: `,
        h(Endpoints, { endpoints: share.picker.endpoints }))] : null,
      share.tls ? [h('dt', null, 'Connection'), h('dd', null, share.tls)] : null,
      pools.length ? null : [h('dt', null, 'Endpoints'), h('dd', null, h(Endpoints, { endpoints: share.endpoints }))],
      share.protection.map((words) => [h('dt', { key: words }, 'Protection'), h('dd', null, words)])),
    pools.map((pool) => h(Disclosure, {
      key: pool.endpoints, class: 'pods', summary: `Pods of ${pool.name}: ${pool.ready} of ${pool.selected} ready`, body: () => h(PoolFacts, { pool, actions }),
    })),
  ];
}

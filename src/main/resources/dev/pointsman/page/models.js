// Gateways → hosts → models → rules → shares → pools → pickers → pods.
import { h } from './preact.module.js';
import { Disclosure, Section, plural } from './parts.js';
import { Rule, RuleSummary } from './rule.js';

/** The number of rules that a search opens by itself. */
const MOST_OPEN = 10;

export function Models({ data, search, actions }) {
  const wanted = search.trim().toLowerCase();
  const gateways = data.gateways.map((gateway) => filtered(gateway, wanted));
  const found = gateways.reduce((sum, gateway) => sum + rules(gateway).length, 0);
  const forced = wanted !== '' && found <= MOST_OPEN;
  return h(Section, { id: 'models', title: 'Models' },
    h('form', { role: 'search', class: 'search', onSubmit: (event) => { event.preventDefault(); if (wanted) explain(search, actions); } },
      h('label', { for: 'search' }, 'Search by model, pool or route'),
      h('input', {
        id: 'search', type: 'search', value: search, autocomplete: 'off', spellcheck: false,
        'aria-describedby': 'found',
        onInput: (event) => actions.search(event.target.value),
      }),
      h('span', { id: 'found', class: 'hint', role: 'status' },
        wanted ? `${plural(found, 'rule')} found. Enter explains a request for this model.` : plural(found, 'rule'))),
    wanted && found === 0 ? h(NoRule, { data, search, actions }) : null,
    data.gateways.length === 0
      ? h('p', { class: 'empty' }, 'No Gateway has been translated yet.')
      : gateways.map((gateway) => h(Gateway, { key: gateway.gateways.join(), gateway, data, actions, wanted, forced })));
}

const rules = (gateway) => gateway.listeners.flatMap((listener) => listener.hosts.flatMap((host) => host.rules));

function filtered(gateway, wanted) {
  if (!wanted) return gateway;
  const listeners = gateway.listeners.map((listener) => ({
    ...listener,
    hosts: listener.hosts
      .map((host) => ({ ...host, rules: host.rules.filter((rule) => isFound(rule, wanted)) }))
      .filter((host) => host.rules.length > 0),
  }));
  return { ...gateway, listeners };
}

function isFound(rule, wanted) {
  const pools = (rule.end.shares || []).map((share) => share.pool || '');
  return [...rule.models, ...pools, rule.owner, rule.route].some((text) => text.toLowerCase().includes(wanted));
}

const explain = (model, actions) => actions.explain({ model: model.trim() });

/** The answer to the most frequent question: a model that no rule names. */
function NoRule({ data, search, actions }) {
  const models = [...new Set(data.gateways.flatMap(rules).flatMap((rule) => rule.models))].sort();
  return h('div', { class: 'banner' },
    h('p', null, h('strong', null, `No rule names the model “${search.trim()}”. `),
      'A request for it gets 404 model_not_found, unless a pattern or a route without a model takes it.'),
    models.length > 0 ? h('p', null, 'Models here: ', models.slice(0, 50).join(', '), models.length > 50 ? ' …' : '') : null,
    h('button', { type: 'button', onClick: () => explain(search, actions) }, `Explain a request for ${search.trim()}`));
}

function Gateway({ gateway, data, actions, wanted, forced }) {
  if (wanted && rules(gateway).length === 0) return null;
  return h('article', { class: 'card' },
    h('h3', null, gateway.gateways.length ? `Gateway ${gateway.gateways.join(', ')}` : 'Gateway (not named by Envoy Gateway)'),
    rules(gateway).length === 0
      ? h('p', { class: 'empty' }, 'No rule of it asks for a model or leads to an InferencePool.') : null,
    gateway.listeners.filter((listener) => listener.hosts.length > 0).map((listener) =>
      listener.hosts.map((host) => h(Host, { key: `${listener.name} ${host.name}`, listener, host, data, actions, forced }))),
    gateway.leftOut > 0 ? h('p', { class: 'hint' }, `${plural(gateway.leftOut, 'more rule')} not shown: search by pointsman explain.`) : null);
}

function Host({ listener, host, data, actions, forced }) {
  const domains = host.domains.map((domain) => (domain === '*' ? 'any host' : domain)).join(', ');
  return h('details', { class: 'host', open: true },
    h('summary', null, h('h4', null, domains),
      h('span', { class: 'hint' }, `port ${listener.port}, listener ${listener.name}`,
        host.others > 0 ? `, ${plural(host.others, 'other route')} without models` : '')),
    h('ul', { class: 'rules', 'aria-label': `Rules of ${domains}` }, host.rules.map((rule) => h('li', { key: rule.route },
      h(Disclosure, {
        class: 'rule', forced, summary: h(RuleSummary, { rule, data }), body: () => h(Rule, { rule, data, actions }),
      })))));
}

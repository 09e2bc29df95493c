// Small pieces that several sections use.
import { Component, h } from './preact.module.js';

export const percent = (number) => `${number} %`;
export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** A mark with words, because colour alone tells nothing to many people. */
export function Badge({ kind, children }) {
  return h('span', { class: `badge ${kind}` }, children);
}

export function XdsButton({ kind, name, actions, label = 'xDS' }) {
  return h('button', {
    type: 'button',
    class: 'quiet',
    'aria-label': `xDS of ${kind} ${name}`,
    onClick: (event) => { event.preventDefault(); actions.openXds(kind, name); },
  }, label);
}

/** A share with a bar. The browser gets the width by its object model, which the policy for styles permits. */
export function Bar({ value }) {
  return h('span', { class: 'bar', 'aria-hidden': 'true' },
    h('span', { class: 'fill', style: { width: `${Math.max(0, Math.min(100, value))}%` } }));
}

export function Section({ id, title, intro, children }) {
  return h('section', { id, 'aria-labelledby': `${id}-title` },
    h('h2', { id: `${id}-title`, tabindex: '-1' }, title),
    intro ? h('p', { class: 'intro' }, intro) : null,
    children);
}

/** A row that opens. Its body, a function, is drawn while it is open: a Gateway may have a thousand rows. */
export class Disclosure extends Component {
  render({ class: kind, summary, forced, body }, { open = false }) {
    const shown = open || Boolean(forced);
    return h('details', { class: kind, open: shown, onToggle: (event) => this.setState({ open: event.target.open }) },
      h('summary', null, summary),
      shown ? body() : null);
  }
}

export function Lines({ items, empty }) {
  return items.length === 0
    ? h('p', { class: 'empty' }, empty)
    : h('ul', { class: 'lines' }, items.map((item) => h('li', { key: item }, item)));
}

/** The stages of a fallback, or the only end. */
export const stages = (end) => (end.is === 'Staged' ? end.stages : [end]);

/** The pools with the name of a share; two API groups may have one each. */
export function poolsOf(data, share) {
  return data.pools.filter((pool) => pool.name === share.pool);
}

export function readiness(pool) {
  if (pool.selected === 0) return h(Badge, { kind: 'bad' }, 'no pods');
  const kind = pool.ready === 0 ? 'bad' : pool.ready < pool.selected ? 'warn' : 'good';
  return h(Badge, { kind }, `${pool.ready} of ${pool.selected} ready`);
}

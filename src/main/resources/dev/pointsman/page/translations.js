// The last translations: their time, their duration, and their changes.
import { h } from './preact.module.js';
import { Disclosure, Lines, Section, plural } from './parts.js';

export function Translations({ data }) {
  return h(Section, { id: 'translations', title: 'Translations' },
    data.translations.length === 0
      ? h('p', { class: 'empty' }, 'None yet.')
      : h('ul', { class: 'rules' }, data.translations.map((one) => h('li', { key: one.number }, h(Translation, { one })))));
}

function Translation({ one }) {
  const at = new Date(one.at);
  return h(Disclosure, {
    class: 'rule',
    summary: [h('span', { class: 'model' }, h('time', { datetime: one.at }, at.toLocaleTimeString())),
      h('span', { class: 'ways' }, one.gateways.join(', ') || 'no Gateway named', ' · ', inShort(one)),
      h('span', { class: 'marks hint' }, `${one.tookMs} ms`)],
    body: () => h('div', { class: 'rule-body' },
      h('p', { class: 'hint' }, `Number ${one.number}, ${at.toLocaleString()}, ${(one.bytes / 1024).toFixed(1)} KiB`),
      h('p', { class: 'label' }, 'Changes'),
      one.changes ? h(Lines, { items: one.changes, empty: 'Nothing: the same resources as before.' })
        : h('p', { class: 'empty' }, one.first ? 'The first one of the Gateway since this server started.'
          : 'Not known: the answer is too large to be kept for a comparison.'),
      one.diagnostics.length ? [h('p', { class: 'label' }, 'Diagnostics'), h(Lines, { items: one.diagnostics, empty: '' })] : null),
  });
}

function inShort(one) {
  if (!one.changes) return one.first ? 'first' : 'not compared';
  return one.changes.length === 0 ? 'no change' : plural(one.changes.length, 'change');
}

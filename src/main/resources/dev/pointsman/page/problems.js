// Diagnostics of the last translations and of objects.
import { h } from './preact.module.js';
import { Lines, Section } from './parts.js';

export function Problems({ data }) {
  return h(Section, { id: 'problems', title: 'Diagnostics' },
    h(Lines, { items: data.diagnostics, empty: 'No problem of an object is known.' }));
}

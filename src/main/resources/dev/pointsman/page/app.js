// Reads the server's data, again after each change, and draws the page.
import { h, render } from './preact.module.js';
import { Header, Banner } from './frame.js';
import { Models } from './models.js';
import { Explain, ask } from './explain.js';
import { Pools } from './pools.js';
import { Translations } from './translations.js';
import { Problems } from './problems.js';
import { Xds, openXds } from './xds.js';

const RETRY_MS = 3000;

const state = {
  data: null,
  connection: 'connecting',
  announcement: '',
  search: '',
  explanation: { status: 'none' },
  xds: { names: null, filter: '', open: null },
};

const actions = {
  search(text) { set({ search: text }); },
  async explain(question) {
    set({ explanation: { status: 'asking', question } });
    const answer = await ask(question);
    set({ explanation: { ...answer, question, version: state.data?.version } });
    document.getElementById('result').focus(); // which also reads it out
  },
  async openXds(kind, name) { set({ xds: { ...state.xds, open: await openXds(kind, name) } }); },
  closeXds() { set({ xds: { ...state.xds, open: null } }); },
  filterXds(filter) { set({ xds: { ...state.xds, filter } }); },
  async listXds() {
    const response = await fetch('debug/xds');
    set({ xds: { ...state.xds, names: response.ok ? await response.json() : {} } });
  },
};

function set(change) {
  Object.assign(state, change);
  draw();
}

function draw() {
  render(h(Page, { state, actions }), document.getElementById('app'));
}

function Page({ state, actions }) {
  const data = state.data;
  return [
    h(Header, { state }),
    h('main', null, !data ? h('p', { class: 'empty' }, 'Loading …') : [
      h(Banner, { data }),
      h(Models, { data, search: state.search, actions }),
      h(Explain, { data, explanation: state.explanation, actions }),
      h(Pools, { data, actions }),
      h(Problems, { data }),
      h(Translations, { data }),
      h(Xds, { xds: state.xds, actions }),
    ]),
    h('p', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' }, state.announcement),
  ];
}

async function load() {
  const response = await fetch('debug/topology');
  if (!response.ok) throw new Error(await response.text());
  const data = await response.json();
  set({ data, connection: 'live', announcement: news(state.data, data) });
}

/** The change in a sentence, for people who do not see it. */
function news(before, now) {
  if (!before) return state.announcement;
  const newest = now.translations[0];
  if (newest && newest.number !== before.translations[0]?.number) {
    return newest.changes?.[0] ? `New translation: ${newest.changes[0]}` : 'New translation without changes';
  }
  const changed = now.pools.find((pool) => {
    const old = before.pools.find((one) => one.endpoints === pool.endpoints);
    return !old || old.summary !== pool.summary;
  });
  return changed ? `Pool ${changed.name}: ${changed.summary}` : state.announcement;
}

let loading = Promise.resolve();

function reload() {
  loading = loading.then(load).catch(() => set({ connection: 'lost' }));
}

function listen() {
  const events = new EventSource('debug/changes');
  events.onmessage = reload;
  events.onerror = () => {
    set({ connection: 'lost' });
    if (events.readyState === EventSource.CLOSED) { // refused: the browser does not try again
      events.close();
      setTimeout(() => { reload(); listen(); }, RETRY_MS);
    }
  };
}

draw();
listen();

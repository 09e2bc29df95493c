// "Explain a request" as a form, and its answer.
import { h } from './preact.module.js';
import { Section, stages } from './parts.js';
import { Explanation } from './explanation.js';

/** The question as the server reads it: the same record as of the command pointsman explain. */
function record(question) {
  const headers = {};
  for (const line of (question.headers || '').split('\n')) {
    const [, name, value] = line.match(/^\s*([^:\s]+)\s*:\s*(.*?)\s*$/) || [];
    const key = name?.toLowerCase();
    const between = key === 'cookie' ? '; ' : ',';
    if (key) headers[key] = key in headers ? headers[key] + between + value : value;
  }
  const body = question.model ? JSON.stringify({ model: question.model }) : null;
  const bytes = body ? new TextEncoder().encode(body).length : 0;
  if (body && !headers['content-type']) headers['content-type'] = 'application/json';
  return {
    gateway: question.gateway || '',
    request: {
      listener: question.listener || '',
      host: question.host || '',
      method: question.method || (body ? 'POST' : 'GET'),
      path: question.path || '/v1/chat/completions',
      headers,
      body: { text: body, bytes: Math.max(bytes, Number(question.size) || 0), chunked: false },
    },
  };
}

export async function ask(question) {
  try {
    const response = await fetch('debug/explain', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(record(question)),
    });
    if (!response.ok) {
      const text = (await response.text()).trim();
      return { status: 'refused', text, summary: text };
    }
    const explained = await response.json();
    return { status: 'explained', explained, summary: summary(explained) };
  } catch {
    const text = 'The server does not respond: is the port still forwarded?';
    return { status: 'refused', text, summary: text };
  }
}

/** The result in a sentence. */
export function summary({ end, reading }) {
  const model = reading?.model ? ` for model ${reading.model}` : '';
  if (end.is === 'Answered') {
    return end.code === 'model_not_found'
      ? `The gateway responds ${end.status} model_not_found${model}: no rule of the host takes this model.`
      : `The gateway itself responds ${end.status} ${end.code}${model}: ${end.cause}.`;
  }
  if (end.is === 'Redirected') return `The gateway redirects${model} with ${end.status} to ${end.target}.`;
  const ways = stages(end).map((stage) => (stage.is === 'Forwarded'
    ? stage.shares.map((share) => `${share.pool || share.cluster} (${share.percent} %)`).join(', ')
    : `a response of the gateway's own, ${stage.status}`));
  return `Requests${model} go to ${ways.join(`, then, after ${end.when}, to `)}.`;
}

const FIELDS = [
  ['model', 'Model', 'empty: no body', 'text'],
  ['host', 'Host', 'empty: the first host', 'text'],
  ['path', 'Path', '/v1/chat/completions', 'text'],
  ['method', 'Method', 'POST with a body, else GET', 'text'],
  ['listener', 'Listener', 'if several take the host', 'text'],
  ['size', 'Body size in bytes', 'as if padded', 'number'],
];

export function Explain({ data, explanation, actions }) {
  const question = explanation.question || {};
  const gateways = data.gateways.flatMap((gateway) => gateway.gateways);
  return h(Section, { id: 'explain', title: 'Explain a request', intro: 'Its way through the Gateway, without sending it.' },
    h('form', { class: 'card ask', onSubmit: (event) => submit(event, actions) },
      FIELDS.map(([name, label, hint, type]) => h('p', { key: name },
        h('label', { for: `ask-${name}` }, label),
        h('input', { id: `ask-${name}`, name, type, min: type === 'number' ? 0 : undefined, placeholder: hint, value: question[name] ?? '', autocomplete: 'off', spellcheck: false }))),
      gateways.length > 1 ? h('p', null, h('label', { for: 'ask-gateway' }, 'Gateway'),
        h('select', { id: 'ask-gateway', name: 'gateway' }, h('option', { value: '' }, 'the one that takes the host'),
          gateways.map((name) => h('option', { key: name, selected: question.gateway === name }, name)))) : null,
      h('p', { class: 'wide' }, h('label', { for: 'ask-headers' }, 'Headers, one “name: value” per line'),
        h('textarea', { id: 'ask-headers', name: 'headers', rows: 2, value: question.headers ?? '', spellcheck: false })),
      h('p', { class: 'wide' }, h('button', { type: 'submit', class: 'primary' }, 'Explain'))),
    h('div', { id: 'explanation' },
      explanation.status === 'asking' ? h('p', { class: 'hint' }, 'Asking …') : null,
      explanation.status === 'refused' ? h('p', { class: 'banner', id: 'result', tabindex: '-1' }, explanation.text) : null,
      explanation.status === 'explained' && explanation.version !== data.version ? h('p', { class: 'banner' },
        'Something has changed since this answer. ', h('button', { type: 'button', onClick: () => actions.explain(question) }, 'Explain again')) : null,
      explanation.status === 'explained' ? h(Explanation, { explained: explanation.explained, result: explanation.summary, data, actions }) : null));
}

function submit(event, actions) {
  event.preventDefault();
  actions.explain(Object.fromEntries(new FormData(event.target)));
}

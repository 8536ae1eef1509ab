// The script of the page. It shows what comes as text, never as HTML: names and answers are other people's.

export const script = String.raw`'use strict';
(() => {
  const base = document.body.dataset.base;
  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const percent = (p) => (100 * p).toFixed(1) + ' %';

  // One model in view: the one that the address names.
  const sections = [...document.querySelectorAll('section.model')];
  const links = [...document.querySelectorAll('nav a')];
  const select = () => {
    const found = sections.find(({ id }) => '#' + id === location.hash) || sections[0];
    for (const section of sections) section.hidden = section !== found;
    for (const link of links) {
      if (found && link.hash === '#' + found.id) {
        link.setAttribute('aria-current', 'page');
        const strip = link.closest('nav');
        strip.scrollLeft = link.offsetLeft - strip.clientWidth / 2 + link.offsetWidth / 2;
      } else link.removeAttribute('aria-current');
    }
  };
  addEventListener('hashchange', select);
  select();

  // Requests, with the key that was typed for this tab.
  const ask = async (path, body, signal) => {
    const headers = {};
    const key = sessionStorage.getItem('unrolled-key');
    if (key) headers.authorization = 'Bearer ' + key;
    if (!(body instanceof FormData)) headers['content-type'] = 'application/json';
    const response = await fetch(base + path, {
      method: 'POST', headers, signal, body: body instanceof FormData ? body : JSON.stringify(body),
    });
    if (response.ok) return response;
    const answer = await response.json().catch(() => null);
    const error = new Error(answer && answer.error ? answer.error.message : 'The server answered ' + response.status);
    error.needsKey = response.status === 401;
    throw error;
  };

  async function* events(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error('The connection was lost.');
      const parts = (rest + value).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        if (!part.startsWith('data: ')) continue;
        const data = part.slice(6);
        if (data === '[DONE]') return;
        const event = JSON.parse(data);
        if (event.error) throw new Error(event.error.message);
        yield event;
      }
    }
  }

  const bars = (scores, name) => {
    const rows = element('div', undefined, 'rows');
    for (const one of scores.slice(0, 12)) {
      const meter = element('meter');
      meter.max = 1;
      meter.value = one.score;
      rows.append(element('span', one[name]), meter, element('b', percent(one.score)));
    }
    return rows;
  };

  const values = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === 'string' && value !== ''));
  const pictures = (files) => {
    const box = element('div', undefined, 'frames');
    for (const file of files) {
      const image = element('img');
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      image.onload = () => URL.revokeObjectURL(image.src);
      box.append(image);
    }
    return box;
  };

  const states = new WeakMap(); // a section's state after its last text
  const write = async ({ section, form, result, model, signal, further }) => {
    const given = values(form);
    const body = { model, stream: true, max_tokens: Number(given.max_tokens) || 200, temperature: Number(given.temperature || 0.8), state: true, stream_options: { include_usage: true } };
    if (given.seed !== undefined) body.seed = Number(given.seed);
    const state = further ? states.get(section) : undefined;
    if (state) { body.state = state; delete body.seed; }
    else body.prompt = given.prompt || '';
    let text = result.querySelector('.text');
    if (!state || !text) {
      text = element('div', undefined, 'text');
      text.append(element('span', body.prompt || '', 'given'));
      result.replaceChildren(text);
    }
    for (const note of result.querySelectorAll('.note')) note.remove();
    const began = performance.now();
    let count = 0;
    let unknown = [];
    const written = document.createTextNode('');
    text.append(written);
    try {
      for await (const event of events(await ask('/v1/completions', body, signal))) {
        const choice = event.choices[0];
        if (choice) {
          written.data += choice.text;
          if (choice.state) states.set(section, choice.state);
          if (choice.unknown) unknown = choice.unknown;
        }
        if (event.usage) count = event.usage.completion_tokens;
      }
    } finally {
      section.querySelector('.further').hidden = !states.get(section);
    }
    const seconds = (performance.now() - began) / 1000;
    result.append(element('p', count + ' symbols in ' + seconds.toFixed(2) + ' s' + (unknown.length ? '; not known and left out: ' + unknown.join(' ') : ''), 'note'));
  };

  const data = async (path, body, signal) => (await (await ask(path, body, signal)).json()).data;
  const notes = ({ unknown, truncated }) => {
    const said = [];
    if (unknown > 0) said.push(unknown === 1 ? 'one token is unknown' : unknown + ' tokens are unknown');
    if (truncated) said.push('the text was cut');
    return said.length ? [element('p', said.join('; '), 'note')] : [];
  };

  /** The columns of a form's CSV by their names, null where a cell holds no number. */
  const columnsOf = (form) => {
    const [names, ...rows] = (values(form).csv || '').trim().split(/\r?\n/).map((line) => line.split(',').map((cell) => cell.trim()));
    const number = (cell) => (cell === undefined || cell === '' || Number.isNaN(Number(cell)) ? null : Number(cell));
    return Object.fromEntries(names.map((name, k) => [name, rows.map((row) => number(row[k]))]));
  };
  /** Labels of frames or steps, as segments. */
  const spans = (segments, unit) => {
    const shown = element('div', undefined, 'tokens');
    for (const { label, start, end } of segments) {
      const span = element('span', label);
      span.append(element('small', end - start === 1 ? unit + ' ' + (start + 1) : unit + 's ' + (start + 1) + ' to ' + end));
      shown.append(span);
    }
    return shown;
  };

  const tasks = {
    'text-generation': write,
    'text-classification': async ({ form, result, model, signal }) => {
      const [one] = await data('/v1/classify', { model, input: values(form).input || '' }, signal);
      result.replaceChildren(bars(one.scores, 'label'), ...notes(one.notes));
    },
    'token-classification': async ({ form, result, model, signal }) => {
      const [one] = await data('/v1/tag', { model, input: values(form).input || '' }, signal);
      const tokens = element('div', undefined, 'tokens');
      for (const { token, label, score } of one.tokens) {
        const shown = element('span', token);
        shown.title = label + ', ' + percent(score);
        shown.append(element('small', label));
        tokens.append(shown);
      }
      result.replaceChildren(tokens, ...notes(one.notes));
    },
    translation: async ({ form, result, model, signal }) => {
      const { input = '', beams = '5' } = values(form);
      const width = Number(beams);
      const [one] = await data('/v1/translate', { model, input, beams: width, nBest: Math.min(width, 3) }, signal);
      result.replaceChildren(...one.hypotheses.map((h, n) => {
        const row = element('p', h.text || '(nothing)', n === 0 ? 'text' : 'note');
        row.title = 'score ' + h.score.toFixed(3);
        return row;
      }), ...notes(one.notes));
    },
    'image-to-text': async ({ form, result, model, signal }) => {
      const given = new FormData(form);
      given.set('model', model);
      const files = form.elements.image.files;
      const [one] = await data('/v1/caption', given, signal);
      result.replaceChildren(pictures(files), element('p', one.text || '(nothing)', 'text'));
    },
    'visual-question-answering': async ({ form, result, model, signal }) => {
      const given = new FormData(form);
      given.set('model', model);
      const [one] = await data('/v1/vqa', given, signal);
      result.replaceChildren(pictures(form.elements.image.files), bars(one.scores, 'answer'),
        element('p', 'Without the image: ' + one.questionOnly, 'note'));
    },
    'video-classification': async ({ form, result, model, signal }) => {
      const files = [...form.elements.frames.files].sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
      const given = new FormData();
      given.set('model', model);
      for (const file of files) given.append('frames', file);
      const [one] = await data('/v1/video', given, signal);
      const shown = one.scores ? bars(one.scores, 'label') : spans(one.segments, 'frame');
      result.replaceChildren(pictures(files.slice(0, 12)), shown);
    },
    'time-series-classification': async ({ form, result, model, signal }) => {
      const [one] = await data('/v1/series', { model, columns: columnsOf(form) }, signal);
      const shown = one.scores ? bars(one.scores, 'label') : spans(one.segments, 'step');
      result.replaceChildren(shown, ...(one.notes.missing > 0 ? [element('p', one.notes.missing + ' missing values were filled', 'note')] : []));
    },
    'time-series-forecasting': async ({ form, result, model, signal }) => {
      const info = await models.then((all) => all.find(({ id }) => id === model).info.input);
      const whole = columnsOf(form);
      const filled = Math.max(...info.columns.map((name) => (whole[name] || []).findLastIndex((v) => v !== null) + 1));
      const body = { model, columns: {}, missing: 'fill' };
      for (const name of info.columns) if (whole[name]) body.columns[name] = whole[name].slice(0, filled);
      if (info.known.length) body.known = Object.fromEntries(info.known.filter((name) => whole[name]).map((name) => [name, whole[name].slice(0, filled + info.horizon)]));
      const [one] = await data('/v1/forecast', body, signal);
      result.replaceChildren(...one.columns.flatMap(chart));
    },
    tensors: async ({ form, result, model, signal }) => {
      const [one] = await data('/v1/tensors', { model, inputs: JSON.parse(values(form).inputs || '{}') }, signal);
      result.replaceChildren(...Object.entries(one).map(([name, { shape, data: numbers }]) =>
        element('pre', name + ' [' + shape.join(', ') + ']\n' + numbers.slice(0, 100).map((x) => x.toPrecision(5)).join(' ') + (numbers.length > 100 ? ' …' : ''))));
    },
  };

  const svg = (name, attributes, text) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  /** The history, the forecast and its band, redrawn for the width. */
  function chart({ column, history, values: will, quantiles }) {
    const was = history.slice(-Math.max(48, 2 * will.length));
    const [low, high] = [quantiles[0], quantiles[quantiles.length - 1]].map((q) => (q ? q.values : will));
    const every = [...was, ...will, ...low, ...high].filter((v) => v !== null && Number.isFinite(v));
    let [least, most] = [Math.min(...every), Math.max(...every)];
    if (least === most) [least, most] = [least - 1, most + 1];
    const width = Math.max(280, Math.min(800, document.querySelector('main').clientWidth - 40));
    const [left, right, top, bottom] = [48, width - 8, 12, 168];
    const count = was.length + will.length - 1;
    const x = (k) => (left + ((right - left) * k) / Math.max(1, count)).toFixed(1);
    const y = (v) => (bottom - ((bottom - top) * (v - least)) / (most - least)).toFixed(1);
    const line = (list, from) => list.map((v, k) => (k ? 'L' : 'M') + x(from + k) + ' ' + y(v)).join('');
    const from = was.length;
    const last = was[was.length - 1];
    const picture = svg('svg', { viewBox: '0 0 ' + width + ' 200', role: 'img', 'aria-label': 'History and forecast of ' + column });
    for (const share of [0, 0.5, 1]) {
      const v = least + share * (most - least);
      picture.append(svg('path', { class: 'grid', d: 'M' + left + ' ' + y(v) + 'H' + right }), svg('text', { x: 0, y: Number(y(v)) + 4 }, v.toPrecision(3)));
    }
    if (quantiles.length > 1) {
      const back = [...low].reverse().map((v, k) => 'L' + x(from + low.length - 1 - k) + ' ' + y(v)).join('');
      picture.append(svg('path', { class: 'between', d: line(high, from) + back + 'Z' }));
    }
    picture.append(svg('path', { class: 'was', d: line(was, 0) }), svg('path', { class: 'will', d: line([last, ...will], from - 1) }));
    picture.append(svg('text', { x: left, y: 190 }, was.length + ' steps back'), svg('text', { x: right, y: 190, 'text-anchor': 'end' }, will.length + ' steps ahead'));
    return [element('p', column + ': from ' + last.toPrecision(4) + ' to ' + will[will.length - 1].toPrecision(4) + ' in ' + will.length + ' steps', 'note'), picture];
  }

  const models = fetch(base + '/v1/models').then((response) => response.json()).then((answer) => answer.data);
  models.catch(() => {});

  const failed = (result, error, again) => {
    const box = element('div', undefined, 'failed');
    box.append(element('p', error.message));
    if (error.needsKey) {
      const form = element('form');
      const label = element('label', 'Key of this server, kept until this tab is closed', 'wide');
      const key = element('input');
      key.type = 'password';
      key.autocomplete = 'off';
      label.append(key);
      const send = element('button', 'Use it', 'go');
      form.append(label, send);
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        sessionStorage.setItem('unrolled-key', key.value.trim());
        again();
      });
      box.append(form);
    }
    result.replaceChildren(box);
  };

  for (const section of sections) {
    const form = section.querySelector('form');
    const result = section.querySelector('.result');
    const [go, stop, further] = ['.go', '.stop', '.further'].map((name) => section.querySelector(name));
    const { model, task } = section.dataset;
    let running = null;
    const run = async (goesOn) => {
      if (running) running.abort();
      const mine = (running = new AbortController());
      go.disabled = true;
      further.hidden = true;
      stop.hidden = task !== 'text-generation';
      if (task !== 'text-generation') result.replaceChildren(element('p', 'Computing …', 'note'));
      try {
        await tasks[task]({ section, form, result, model, signal: mine.signal, further: goesOn });
      } catch (error) {
        if (error.name !== 'AbortError') failed(result, error, () => run(goesOn));
      } finally {
        if (running === mine) {
          running = null;
          go.disabled = false;
          stop.hidden = true;
        }
      }
    };
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void run(false);
    });
    stop.addEventListener('click', () => running && running.abort());
    further.addEventListener('click', () => void run(true));
  }
})();
`;

// The models of a server as a page: one in view at a time, each with its numbers, a form, and the request as a program makes it.

import type { EngineModel } from '../engine/engine.ts';
import { formOf } from './forms.ts';
import { escapeHtml, pageOf } from './html.ts';

const words: Readonly<Record<string, string>> = {
  'text-generation': 'text generation',
  'text-classification': 'text classification',
  'token-classification': 'token classification',
  'image-to-text': 'image captioning',
  'visual-question-answering': 'visual question answering',
  'video-classification': 'video classification',
  'time-series-forecasting': 'time series forecasting',
  'time-series-classification': 'time series classification',
};

const anchor = (n: number) => `model-${n + 1}`;

/** The page of these models. `origin` is where the reader reached it, for the example. */
export function modelsPage(
  models: readonly EngineModel[],
  { base, version, origin }: { base: string; version: string; origin: string },
): string {
  const nav = models.map(({ id, task }, n) => {
    return `<li><a href="#${anchor(n)}">${escapeHtml(id)}<small>${words[task] ?? escapeHtml(task)}</small></a></li>`;
  });
  const none = '<h1>No model</h1><p class="sub">Nothing is served here yet: <code>unrolled serve runs/my</code>.</p>';
  const main = models.map((model, n) => sectionOf(model, anchor(n), origin + base)).join('\n') || none;
  return pageOf({ base, version, nav: nav.join(''), main });
}

function sectionOf(model: EngineModel, name: string, at: string): string {
  const { id, task } = model;
  const form = formOf(model);
  const figures = figuresOf(model).map(([what, value]) => `<div><dt>${what}</dt><dd>${escapeHtml(value)}</dd></div>`);
  const body = JSON.stringify(form.example).replaceAll("'", "'\\''");
  const curl = `curl -N ${at}${form.path} -H 'content-type: application/json' -d '${body}'`;
  return `<section class="model" id="${name}" data-model="${escapeHtml(id)}" data-task="${escapeHtml(task)}">
<h1>${escapeHtml(id)}</h1><p class="sub">${escapeHtml(sentenceOf(model))}</p>
<dl class="figures">${figures.join('')}</dl>
<div class="card"><h2>${form.title}</h2><p class="say">${form.say}</p>
<form><div class="fields">${form.fields}</div>
<div class="buttons"><button class="go" type="submit">${form.button}</button><button type="button" class="stop" hidden>Stop</button><button type="button" class="further" hidden>Go on</button></div></form>
<div class="result" aria-live="polite"></div></div>
<div class="card"><h2>From a program</h2><p class="say">${clientsOf(model)}</p><pre>${escapeHtml(curl)}</pre></div>
</section>`;
}

function sentenceOf({ task, info, created }: EngineModel): string {
  const { cell, hiddenSize, numLayers, step } = info as Record<string, unknown>;
  const layers = typeof hiddenSize === 'number' && typeof numLayers === 'number' ? `${numLayers} × ${hiddenSize}` : '';
  const parts = [
    words[task] ?? task,
    [typeof cell === 'string' ? cell.toUpperCase() : '', layers].filter(Boolean).join(', '),
  ];
  if (typeof step === 'number') parts.push(`step ${step.toLocaleString('en')}`);
  if (created > 0) parts.push(`saved ${new Date(created * 1000).toISOString().slice(0, 10)}`);
  return parts.filter(Boolean).join(' · ');
}

function figuresOf({ parameters, info }: EngineModel): [what: string, value: string][] {
  const { vocabularySize, labels, features, answers, stateBytes, input } = info as Record<string, unknown>;
  const { length, horizon } = Object(input) as Record<string, unknown>;
  const count = (n: number) => n.toLocaleString('en');
  const figures: [string, string][] = [['parameters', count(parameters)]];
  if (typeof vocabularySize === 'number') figures.push(['symbols', count(vocabularySize)]);
  if (Array.isArray(labels)) figures.push(['labels', count(labels.length)]);
  if (Array.isArray(features)) figures.push(['features', count(features.length)]);
  if (Array.isArray(answers)) figures.push(['answers', count(answers.length)]);
  if (typeof length === 'number') figures.push(['steps read', count(length)]);
  if (typeof horizon === 'number') figures.push(['steps forecast', count(horizon)]);
  if (typeof stateBytes === 'number') figures.push(['bytes of state', count(stateBytes)]);
  return figures.slice(0, 5);
}

function clientsOf({ task }: EngineModel): string {
  return task === 'text-generation'
    ? 'Any client of OpenAI or Ollama can be pointed here; this is the request itself.'
    : 'Answers have the fields of the library’s pipelines.';
}

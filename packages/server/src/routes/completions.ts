// POST /v1/completions: the raw continuation of a text, which is what a language model of this library was trained to write.

import * as v from 'valibot';
import type { EngineModel, GenerateRequest } from '../engine/engine.ts';
import { badRequest } from '../http/api-error.ts';
import { eventStream } from '../http/event-stream.ts';
import type { ServerLimits } from '../limits.ts';
import { flag, ids, list, model, optional, samplingFields, state, text, whole } from '../schema/fields.ts';
import { allOf, type Continuation, continued, requestsFor, usageOf } from './continuations.ts';
import { findModel } from './find-model.ts';
import { completionLogprobs, extras, newId, seconds } from './openai-text.ts';
import { type Call, json, route } from './route.ts';
import { refuseUnsupported } from './unsupported.ts';

const schema = (limits: ServerLimits) =>
  v.looseObject({
    model: optional(model()),
    prompt: optional(
      v.pipe(
        v.union([
          text(limits.characters),
          list(text(limits.characters), limits.inputs, 1),
          ids(limits),
          list(ids(limits), limits.inputs, 1),
        ]),
        v.description('A text, a list of texts, or ids of symbols.'),
      ),
    ),
    max_tokens: optional(v.pipe(whole(0, limits.maxTokens), v.description('Maximum number of symbols. Default 200.'))),
    ...samplingFields(limits),
    n: optional(whole(1, limits.choices)),
    best_of: optional(whole(1, limits.choices)),
    logprobs: optional(
      v.union([
        whole(0, 20),
        v.pipe(
          v.literal(false),
          v.transform(() => null),
        ),
      ]),
    ),
    echo: optional(flag()),
    stream: optional(flag()),
    stream_options: optional(v.looseObject({ include_usage: optional(flag()) })),
    state: optional(state()),
  });

type Body = v.InferOutput<ReturnType<typeof schema>>;

export const completions = route({
  method: 'POST',
  path: '/v1/completions',
  summary: 'Continue a text, or several.',
  group: 'OpenAI',
  style: 'openai',
  body: schema,
  async handle(call) {
    const { body } = call;
    refuseUnsupported(body, ['suffix', 'logit_bias', 'presence_penalty', 'frequency_penalty']);
    const served = findModel(call, body.model, ['text-generation']);
    const { n, prompts, best, requests } = await read(call, served);
    if (body.stream) return call.stream(eventStream, chunks(call, served, requests, n));
    const found = await allOf(call, requests);
    const kept = prompts.flatMap((_, p) => bestOf(found.slice(p * best, (p + 1) * best), n));
    const choices = kept.map(async ({ text: written, finish, logprobs }, index) => {
      const prefix = body.echo ? textOf(prompts[Math.floor(index / n)]) : '';
      return {
        text: prefix + written,
        index,
        logprobs: isNumber(body.logprobs) ? completionLogprobs(logprobs, prefix.length) : null,
        finish_reason: finish.reason,
        ...extras(finish.unknown, finish.state && (await call.server.states.write(served, finish.state))),
      };
    });
    return json({
      id: newId('cmpl'),
      object: 'text_completion',
      created: seconds(),
      model: served.id,
      choices: await Promise.all(choices),
      usage: usageOf(
        found.map(({ finish }) => finish),
        best,
      ),
    });
  },
});

async function read(call: Call<Body>, served: EngineModel) {
  const { body } = call;
  const n = body.n ?? 1;
  const best = body.best_of ?? n;
  if (best < n) throw badRequest(`best_of ${best} is less than n ${n}`, 'best_of');
  if (best > n && body.stream) throw badRequest('best_of cannot be streamed: the best is known at the end', 'best_of');
  const isScored = best > n || isNumber(body.logprobs);
  if (body.echo && typeof body.prompt !== 'string' && !isTexts(body.prompt))
    throw badRequest('echo needs a prompt of texts', 'echo');
  if (body.echo && body.stream) throw badRequest('echo cannot be streamed here', 'echo');
  const prompts = promptsOf(body.prompt);
  const from = await call.server.states.read(served, body.state);
  const { max_tokens: maxTokens, top_p, top_k, min_p, temperature: t, seed: s, stop: ends } = body;
  const sampling = { maxTokens, temperature: t, topP: top_p, topK: top_k, minP: min_p, seed: s, stop: ends };
  const scored = isScored ? { logprobs: isNumber(body.logprobs) ? body.logprobs : 0 } : {};
  return { n, best, prompts, requests: requestsFor(call, served, prompts, best, { ...sampling, ...scored }, from) };
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTexts = (value: unknown): boolean => Array.isArray(value) && typeof value[0] === 'string';
const textOf = (prompt: string | readonly number[]): string => (typeof prompt === 'string' ? prompt : '');

function promptsOf(prompt: Body['prompt']): (string | readonly number[])[] {
  if (prompt === null || prompt === undefined) return [''];
  if (typeof prompt === 'string') return [prompt];
  return typeof prompt[0] === 'number' ? [prompt as number[]] : (prompt as (string | number[])[]);
}

/** The n continuations with the highest mean log-probability, in the order of their seeds where all are kept. */
function bestOf(found: readonly Continuation[], n: number): readonly Continuation[] {
  if (found.length === n) return found;
  const mean = ({ logprobs }: Continuation) =>
    logprobs.reduce((sum, { logprob }) => sum + logprob, 0) / Math.max(1, logprobs.length);
  return found.toSorted((a, b) => mean(b) - mean(a)).slice(0, n);
}

async function* chunks(call: Call<Body>, served: EngineModel, requests: readonly GenerateRequest[], n: number) {
  const head = { id: newId('cmpl'), object: 'text_completion', created: seconds(), model: served.id };
  const isUsage = call.body.stream_options?.include_usage === true;
  const usage = isUsage ? { usage: null } : {};
  const finishes: Parameters<typeof usageOf>[0][number][] = [];
  const offsets = requests.map(() => 0);
  for await (const { index, piece } of continued(call, requests)) {
    const { finish } = piece;
    if (piece.text === '' && !finish && !piece.logprobs) continue;
    const logprobs = piece.logprobs ? completionLogprobs(piece.logprobs, offsets[index]) : null;
    for (const { text: symbol } of piece.logprobs ?? []) offsets[index] += symbol.length;
    const choice = { index, text: piece.text, logprobs, finish_reason: finish?.reason ?? null };
    if (finish) finishes[index] = finish;
    const token = finish?.state && (await call.server.states.write(served, finish.state));
    yield JSON.stringify({
      ...head,
      choices: [{ ...choice, ...(finish ? extras(finish.unknown, token) : {}) }],
      ...usage,
    });
  }
  if (isUsage) yield JSON.stringify({ ...head, choices: [], usage: usageOf(finishes, n) });
}

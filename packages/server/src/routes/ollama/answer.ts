// The answer of a route that continues a text: line by line, with the measurements in the last one, or at once.

import * as v from 'valibot';
import type { EngineModel, GenerateRequest } from '../../engine/engine.ts';
import { jsonLines } from '../../http/event-stream.ts';
import type { ServerLimits } from '../../limits.ts';
import { flag, model, optional, state } from '../../schema/fields.ts';
import { allOf, continued } from '../continuations.ts';
import { extras } from '../openai-text.ts';
import { type Call, json } from '../route.ts';
import { now, options, timings } from './common.ts';

/** Fields of every such request. */
export const answerFields = (limits: ServerLimits) => ({
  model: optional(model()),
  format: optional(v.unknown()),
  stream: optional(flag()),
  options: optional(options(limits)),
  state: optional(state()),
});

interface Asked {
  readonly stream?: boolean | null;
}

/** A text where the route's clients look for it: `{ response }`, or `{ message }`. */
type Placed = (text: string) => object;

export async function answer<B extends Asked>(
  call: Call<B>,
  served: EngineModel,
  request: GenerateRequest,
  placed: Placed,
): Promise<Response> {
  if (call.body.stream !== false) return call.stream(jsonLines, lines(call, served, request, placed));
  const head = { model: served.id, created_at: now() };
  const [{ text, finish }] = await allOf(call, [request]);
  const token = finish.state && (await call.server.states.write(served, finish.state));
  return json({ ...head, ...placed(text), ...timings(call, 0, finish), ...extras(finish.unknown, token) });
}

async function* lines<B>(call: Call<B>, served: EngineModel, request: GenerateRequest, placed: Placed) {
  let first: number | null = null;
  for await (const { piece } of continued(call, [request])) {
    first ??= call.elapsed();
    const head = { model: served.id, created_at: now() };
    if (piece.text !== '') yield JSON.stringify({ ...head, ...placed(piece.text), done: false });
    if (!piece.finish) continue;
    const { unknown, state: bytes } = piece.finish;
    const token = bytes && (await call.server.states.write(served, bytes));
    yield JSON.stringify({ ...head, ...placed(''), ...timings(call, first, piece.finish), ...extras(unknown, token) });
  }
}

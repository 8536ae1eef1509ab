// Parts that Ollama's routes share. Durations are in nanoseconds; options have Ollama's names and defaults.

import * as v from 'valibot';
import type { EngineModel } from '../../engine/engine.ts';
import type { ServerLimits } from '../../limits.ts';
import { optional, samplingFields, whole } from '../../schema/fields.ts';
import type { Continuation, Sampling } from '../continuations.ts';
import type { Call } from '../route.ts';

/** `options` of a request; those that mean nothing to a recurrent model (`num_ctx`, `num_gpu`) are ignored. */
export const options = (limits: ServerLimits) =>
  v.looseObject({
    ...samplingFields(limits),
    num_predict: optional(whole(-2, limits.maxTokens)),
  });

type Options = v.InferOutput<ReturnType<typeof options>>;

/** Ollama's defaults. A negative number of symbols means no limit there; here it is the default of 200, because a text has no end of its own. */
export function samplingOf(given: Options | null | undefined): Sampling {
  const { temperature: t, top_k, top_p, min_p, seed: s, stop: ends, num_predict } = given ?? {};
  return {
    temperature: t ?? 0.8,
    topK: top_k ?? 40,
    topP: top_p ?? 0.9,
    minP: min_p,
    seed: s,
    stop: ends,
    maxTokens: num_predict !== null && num_predict !== undefined && num_predict >= 0 ? num_predict : undefined,
  };
}

const nanoseconds = (ms: number): number => Math.max(1, Math.round(ms * 1e6));

/** How long it took: the last line of an answer. */
export function timings(call: Call, firstMs: number, finish: Continuation['finish']) {
  const total = call.elapsed();
  return {
    done: true,
    done_reason: finish.reason,
    total_duration: nanoseconds(total),
    load_duration: 0,
    prompt_eval_count: finish.promptTokens,
    prompt_eval_duration: nanoseconds(firstMs),
    eval_count: finish.completionTokens,
    eval_duration: nanoseconds(total - firstMs),
  };
}

/** What Ollama says of a model. */
export function detailsOf({ info, parameters, task }: EngineModel) {
  const family = typeof info.cell === 'string' ? info.cell : task;
  return {
    parent_model: '',
    format: 'safetensors',
    family,
    families: [family],
    parameter_size: parameters >= 1e6 ? `${(parameters / 1e6).toFixed(1)}M` : `${(parameters / 1e3).toFixed(1)}K`,
    quantization_level: 'F32',
  };
}

/** An entry of /api/tags and /api/ps. Four bytes a parameter. */
export function entryOf(model: EngineModel) {
  return {
    name: model.id,
    model: model.id,
    modified_at: new Date(model.created * 1000).toISOString(),
    size: 4 * model.parameters,
    digest: model.hash,
    details: detailsOf(model),
  };
}

export const now = (): string => new Date().toISOString();

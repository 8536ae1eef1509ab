// The body of a chat.

import * as v from 'valibot';
import type { ServerLimits } from '../limits.ts';
import { flag, list, model, optional, samplingFields, state, whole } from '../schema/fields.ts';
import { message } from './messages.ts';

export const chatBody = (limits: ServerLimits) =>
  v.looseObject({
    model: optional(model()),
    messages: list(message(limits), limits.inputs, 1),
    max_tokens: optional(whole(0, limits.maxTokens)),
    max_completion_tokens: optional(whole(0, limits.maxTokens)),
    ...samplingFields(limits),
    n: optional(whole(1, limits.choices)),
    logprobs: optional(flag()),
    top_logprobs: optional(whole(0, 20)),
    stream: optional(flag()),
    stream_options: optional(v.looseObject({ include_usage: optional(flag()) })),
    response_format: optional(v.looseObject({ type: v.string() })),
    state: optional(state()),
  });

export type ChatBody = v.InferOutput<ReturnType<typeof chatBody>>;

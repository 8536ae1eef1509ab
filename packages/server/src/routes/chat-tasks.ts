// Chats with models that do not continue text: one answer to the last message, word by word where the task can.

import type { TaskName } from 'unrolled/pipelines';
import type { EngineModel, TaskRequest } from '../engine/engine.ts';
import { badRequest } from '../http/api-error.ts';
import { eventStream } from '../http/event-stream.ts';
import type { ChatBody } from './chat-body.ts';
import { imagesOf } from './images.ts';
import { imagesOfMessage, textOfMessage } from './messages.ts';
import { newId, seconds } from './openai-text.ts';
import { type Call, json } from './route.ts';

/** The tasks whose models a chat can be held with, besides text generation. */
export const chatTasks = [
  'translation',
  'image-to-text',
  'visual-question-answering',
] as const satisfies readonly TaskName[];

export async function answerChat(call: Call<ChatBody>, served: EngineModel): Promise<Response> {
  const { body } = call;
  if ((body.n ?? 1) > 1) throw badRequest(`${served.id} gives one answer; n must be 1`, 'n');
  if (body.state) throw badRequest(`${served.id} has no state between messages`, 'state');
  if (body.logprobs) throw badRequest(`${served.id} reports log-probabilities at its own route`, 'logprobs');
  const request = await requestOf(call, served);
  if (body.stream) return call.stream(eventStream, chunks(call, served, request));
  let content = '';
  for await (const piece of words(call, request)) content += piece;
  const choice = {
    index: 0,
    message: { role: 'assistant', content, refusal: null },
    logprobs: null,
    finish_reason: 'stop',
  };
  const head = { id: newId('chatcmpl'), object: 'chat.completion', created: seconds(), model: served.id };
  return json({ ...head, choices: [choice], usage: noUsage });
}

/** The tasks count no symbols. */
const noUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

async function requestOf(call: Call<ChatBody>, { id, task }: EngineModel): Promise<TaskRequest> {
  const { messages } = call.body;
  const last = messages[messages.length - 1];
  if (task === 'translation') return { model: id, task, inputs: [textOfMessage(last)] };
  const given = messages.flatMap(imagesOfMessage).at(-1);
  if (given === undefined) throw badRequest(`${id} reads images: send an image_url part`, 'messages');
  const [image] = await imagesOf(call, [given], 'messages');
  if (task === 'image-to-text') return { model: id, task, inputs: [image] };
  return { model: id, task, inputs: [{ image, question: textOfMessage(last) }] };
}

async function* words(call: Call, request: TaskRequest): AsyncGenerator<string, void> {
  const { engine, limits } = call.server;
  const options = { signal: call.signal, deadline: Math.max(1, limits.deadlineMs - call.elapsed()) };
  if (request.task === 'visual-question-answering') {
    const { outputs } = await engine.call(request, options);
    yield (outputs[0] as { answer: string }).answer;
    return;
  }
  for await (const next of engine.stream(request, options))
    if ('piece' in next) yield (next.piece as { text: string }).text;
}

async function* chunks(call: Call<ChatBody>, served: EngineModel, request: TaskRequest) {
  const head = { id: newId('chatcmpl'), object: 'chat.completion.chunk', created: seconds(), model: served.id };
  const isUsage = call.body.stream_options?.include_usage === true;
  const chunk = (delta: object, finish_reason: string | null) =>
    JSON.stringify({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      ...(isUsage ? { usage: null } : {}),
    });
  let isFirst = true;
  for await (const text of words(call, request)) {
    if (isFirst) {
      call.firstText(served.id);
      yield chunk({ role: 'assistant', content: '' }, null);
    }
    isFirst = false;
    if (text !== '') yield chunk({ content: text }, null);
  }
  if (isFirst) yield chunk({ role: 'assistant', content: '' }, null);
  yield chunk({}, 'stop');
  if (isUsage) yield JSON.stringify({ ...head, choices: [], usage: noUsage });
}

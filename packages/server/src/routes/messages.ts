// The messages of a chat as one text. A recurrent language model knows no roles unless it was trained on them, so by default their texts follow each
// other, line by line, and the model goes on from the last. With `chat: 'roles'` they are written as a dialog, which a model trained on dialogs continues.

import * as v from 'valibot';
import type { ServerLimits } from '../limits.ts';
import { list, optional, text } from '../schema/fields.ts';
import type { ChatFormat } from './route.ts';

const roles = ['system', 'developer', 'user', 'assistant', 'tool'] as const;

/** A part of a message's content: text, or an image as a data URI. */
const part = (limits: ServerLimits) =>
  v.variant('type', [
    v.looseObject({ type: v.picklist(['text', 'input_text', 'output_text']), text: text(limits.characters) }),
    v.looseObject({
      type: v.literal('image_url'),
      image_url: v.union([v.looseObject({ url: text(2 * limits.imageBytes) }), text(2 * limits.imageBytes)]),
    }),
  ]);

export const message = (limits: ServerLimits) =>
  v.looseObject({
    role: v.picklist(roles),
    content: optional(v.union([text(limits.characters), list(part(limits), limits.inputs)])),
  });

export type Message = v.InferOutput<ReturnType<typeof message>>;

export function textOfMessage({ content }: Message): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((one) => ('text' in one && typeof one.text === 'string' ? one.text : '')).join('');
}

/** Images of a message, as they were given. */
export function imagesOfMessage({ content }: Message): string[] {
  if (typeof content === 'string') return [];
  return (content ?? []).flatMap((one) => {
    if (one.type !== 'image_url' || !('image_url' in one)) return [];
    const { image_url: image } = one as { image_url: string | { url: string } };
    return [typeof image === 'string' ? image : image.url];
  });
}

/** The text that the model continues, and what ends its turn. */
export function promptOf(messages: readonly Message[], format: ChatFormat): { prompt: string; stop: string[] } {
  if (format === 'text') return { prompt: messages.map(textOfMessage).join('\n'), stop: [] };
  const turns = messages.map((one) => `${one.role}:\n${textOfMessage(one)}\n\n`);
  return { prompt: `${turns.join('')}assistant:\n`, stop: ['\nuser:'] };
}

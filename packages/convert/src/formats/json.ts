// JSON of a file: bounded in bytes and depth before and after it is parsed.

import { utf8 } from '../bytes/reader.ts';
import { ConvertError } from '../errors.ts';
import { limits } from '../limits.ts';

/** Values in values that JSON of a model may have. Its layers, models in models and lists of weights need far less. */
const deepest = 256;

/** The JSON of bytes or a text. Throws a ConvertError for what is none, too large or too deep. */
export function parsedJson(json: Uint8Array | string, source: string, what: string): unknown {
  if (json.length > limits.jsonBytes)
    throw new ConvertError(source, {
      where: what,
      expected: `at most ${limits.jsonBytes} bytes`,
      got: String(json.length),
    });
  const text = typeof json === 'string' ? json : utf8(json, source, what);
  requireShallow(text, source, what);
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    const got = (cause as Error).message.slice(0, 200);
    throw new ConvertError(source, { where: what, expected: 'JSON', got }, { cause });
  }
}

/** Counts brackets outside of texts. */
function requireShallow(text: string, source: string, what: string): void {
  let [depth, inText] = [0, false];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inText) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inText = false;
    } else if (code === 0x22) inText = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepest)
        throw new ConvertError(source, { where: what, expected: `JSON at most ${deepest} deep`, got: 'deeper' });
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
}

// A client that costs little: requests on connections that are kept, the bytes of an answer as they come.

import { Agent, request } from 'node:http';
import { prompt } from './writer-run.ts';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
  /** Milliseconds to the first byte of the body, and to the last. */
  readonly first: number;
  readonly last: number;
}

export const agent = new Agent({ keepAlive: true, maxSockets: 2048 });

/** POST of JSON, or GET without a body. `during` may destroy the request. */
export function ask(url: string, path: string, body?: object, during?: (destroy: () => void) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const text = body && JSON.stringify(body);
    const method = text === undefined ? 'GET' : 'POST';
    const headers =
      text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const sent = request(url + path, { method, headers, agent }, (response) => {
      let [answer, first] = ['', 0];
      response.setEncoding('utf8');
      response.on('data', (data: string) => {
        if (first === 0) first = performance.now() - began;
        answer += data;
        during?.(() => sent.destroy());
      });
      response.on('error', reject);
      response.on('end', () => {
        const { 'retry-after': retryAfter } = response.headers;
        resolve({ status: response.statusCode ?? 0, retryAfter, body: answer, first, last: performance.now() - began });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** A request for a streamed text. */
export const streamed = (seed: number, maxTokens: number) => ({
  model: 'writer',
  prompt,
  seed,
  max_tokens: maxTokens,
  stream: true,
});

/** The text of a stream. Throws for one that is not complete. */
export function textOf(body: string): string {
  const frames = body.split('\n\n').filter((frame) => frame !== '');
  if (frames.at(-1) !== 'data: [DONE]') throw new Error(`an incomplete stream: ${body.slice(-200)}`);
  const chunks = frames.slice(0, -1).map((frame) => JSON.parse(frame.slice(6)) as { choices: { text: string }[] });
  return chunks.map(({ choices }) => choices[0]?.text ?? '').join('');
}

export async function metric(url: string, name: string): Promise<number> {
  const { body } = await ask(url, '/metrics');
  return Array.from(body.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (.+)$`, 'gm')), ([, value]) =>
    Number(value),
  ).reduce((a, b) => a + b, 0);
}

export function percentile(times: readonly number[], p: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
}

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

// An HTTP server that tags: a text in, its tokens with labels and places out.
//
//   curl --data 'the cat likes the moon .' http://localhost:8080

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tokenClassification } from 'unrolled/pipelines';

const mostBytes = 100_000;

/** A server for the run in this folder; it is not listening yet. The run is opened once, and asked by every request. */
export async function taggerServer(run: string): Promise<Server> {
  const tagger = await tokenClassification(run);
  return createServer((request, response) => void respond(request, response));

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (request.method !== 'POST') {
      answer(405, { error: 'send a text by POST' });
      return;
    }
    // Whoever hangs up is no longer waited for.
    const controller = new AbortController();
    response.on('close', () => controller.abort());
    try {
      const [{ tokens, notes }] = await tagger.predict(await textOf(request), { signal: controller.signal });
      answer(200, { tokens, unknown: notes.unknown });
    } catch (error) {
      if (!response.destroyed) answer(400, { error: (error as Error).message });
    }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > mostBytes) throw new Error(`expected at most ${mostBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

if (process.argv[1] === import.meta.filename) (await taggerServer(process.argv[2] ?? 'runs/names')).listen(8080);

// app/api/translate/route.ts of a Next.js app: POST { "text": "…" } → { "translation": "…", "score": … }.
//
// The run lies in the app's folder, or where UNROLLED_RUN says. In next.config: serverExternalPackages: ['unrolled'].

import { translation, type TranslationPipeline } from 'unrolled/pipelines';

export const runtime = 'nodejs';

let opened: Promise<TranslationPipeline> | undefined;

/** Opened by the first request; one that failed is tried again by the next. */
function translator(): Promise<TranslationPipeline> {
  opened ??= translation(process.env.UNROLLED_RUN ?? 'runs/pairs').catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

export async function POST(request: Request): Promise<Response> {
  const { text } = Object(await request.json().catch(() => null)) as { text?: unknown };
  if (typeof text !== 'string') return Response.json({ error: 'expected { "text": "…" }' }, { status: 400 });
  const [best] = await (await translator()).translate(text, { beams: 4, signal: request.signal });
  return Response.json({ translation: best.text, score: best.score });
}

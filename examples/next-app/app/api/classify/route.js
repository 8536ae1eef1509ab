// The label of a text. The run lies in runs/reviews, or where UNROLLED_RUN says: what `unrolled train classify reviews.csv` wrote. It is opened at the first
// request, and once; a run that cannot be opened is tried again.

import { textClassification } from 'unrolled/pipelines';

let opened = null;

function classifier() {
  opened ??= textClassification(process.env.UNROLLED_RUN ?? 'runs/reviews').catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

export async function POST(request) {
  const { text } = await request.json().catch(() => ({}));
  if (typeof text !== 'string') return Response.json({ error: 'expected { "text": "…" }' }, { status: 400 });
  const [{ label, score }] = await (await classifier()).predict([text], { topK: 1 });
  return Response.json({ label, score });
}

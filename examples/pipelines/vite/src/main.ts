// The same as ../page, through a bundler: Vite finds the WASM files by their URLs and copies them; nothing is configured for that.

import { imageToText, textClassification, textGeneration } from 'unrolled/pipelines';

const element = <E extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as E;

/** Opens a run when it is first asked, and once. */
function once<Run>(open: () => Promise<Run>): () => Promise<Run> {
  let run: Promise<Run> | undefined;
  return () => {
    run ??= open();
    return run;
  };
}

const runs = new URL('.', location.href); // the runs lie next to the page
const classifier = once(() => textClassification(new URL('runs/reviews/', runs)));
const writer = once(() => textGeneration(new URL('runs/poems/', runs)));
const captioner = once(() => imageToText(new URL('runs/photos/', runs)));

/** Shows what went wrong where the answer would stand. */
function answering(output: HTMLElement, work: (event: DragEvent) => Promise<void>) {
  return (event: Event) => {
    event.preventDefault();
    work(event as DragEvent).catch((error: unknown) => {
      output.textContent = String(error);
    });
  };
}

element('classify').onclick = answering(element('label'), async () => {
  const [{ label, score }] = await (await classifier()).predict(element<HTMLInputElement>('review').value);
  element('label').textContent = `${label} (${(100 * score).toFixed(0)} %)`;
});

element('generate').onclick = answering(element('text'), async () => {
  const prompt = element<HTMLInputElement>('prompt').value;
  element('text').textContent = prompt;
  for await (const { text } of (await writer()).generate(prompt, { maxTokens: 80, temperature: 0.8, seed: 1 }))
    element('text').textContent += text;
});

element('drop').ondragover = (event) => event.preventDefault();
element('drop').ondrop = answering(element('caption'), async ({ dataTransfer }) => {
  const image = dataTransfer?.files[0];
  if (!image) return;
  const [{ text }] = await (await captioner()).caption(image);
  element('caption').textContent = text;
});
document.body.dataset.ready = 'true';

// What is taken away of a run, used where people use it: ONNX in onnxruntime, weights in the library, the page from a disk without a connection.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { verifyOutputs } from '@unrolled/convert';
import type { Page } from 'playwright-core';
import { openRun } from 'unrolled';
import { openZip, readSafetensors } from 'unrolled/io';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing, pageAt, shaOf, Site, train, violations } from './site.ts';
import { Folder, take } from './taken.ts';

const small = 'model.hiddenSize=8&training.steps=40&training.evaluateEvery=10&training.batch=16';
const runtime = await import('onnxruntime-node').catch(() => null);

/** A page that was saved, opened from the disk. */
async function opened(site: Site, folder: Folder, bytes: Uint8Array, scheme: 'light' | 'dark' = 'light') {
  const file = join(folder.path, 'page.html');
  writeFileSync(file, bytes);
  const context = await site.profile({ offline: true, colorScheme: scheme });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) problems.push(`a request to ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  return { page, problems };
}

describe.skipIf(missing !== null)(`what is taken away of a run${missing ? ` (${missing})` : ''}`, () => {
  let site: Site;
  const folder = new Folder();
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(async () => {
    await site?.close();
    folder.remove();
  });

  const trained = async (preset: string, more = ''): Promise<{ page: Page; problems: string[] }> => {
    const found = await pageAt(await site.profile(), `${site.plain}#v=1&preset=${preset}&${small}${more}`);
    await train(found.page);
    await shaOf(found.page);
    return found;
  };

  test('a classifier answers as ONNX, as weights, and as a page without a connection, as it does in the studio', async () => {
    const { page, problems } = await trained('sentiment');
    await page.getByRole('button', { name: 'Open it as it is now' }).click();
    const ask = page.locator('.ask');
    await ask.locator('.scores tbody tr').first().waitFor();
    const answer = await ask.locator('.scores tbody').textContent();
    expect(await violations(page)).toEqual([]);

    const zip = await take(page, 'Run, zip');
    const run = await openRun(zip.bytes);
    const question = await ask.locator('.ask-text input').inputValue();
    const [here] = run.task === 'text-classification' ? await run.predict([question]) : [];
    expect(answer).toContain(`${here?.label}${Math.round(100 * (here?.score ?? 0))}\u00a0%`);

    const weights = await take(page, 'Weights, safetensors');
    const tensors = readSafetensors(weights.bytes).tensors;
    for (const [name, { data }] of run.model.stateDict())
      expect([name, Array.from(tensors.get(name)?.data ?? [])]).toEqual([name, Array.from(data)]);
    const json = JSON.parse(new TextDecoder().decode((await take(page, 'Weights, JSON')).bytes)) as {
      readonly weights: Readonly<Record<string, { readonly shape: number[]; readonly data: number[] }>>;
    };
    expect(Object.keys(json.weights)).toEqual([...tensors.keys()]);
    for (const [name, { shape, data }] of tensors)
      expect([name, json.weights[name]]).toEqual([name, { shape: [...shape], data: Array.from(data) }]);

    if (runtime) {
      const onnx = await openZip((await take(page, 'ONNX')).bytes);
      const certificate: unknown = JSON.parse(new TextDecoder().decode(await onnx.bytes('certificate.json')));
      const session = await runtime.InferenceSession.create(await onnx.bytes('model.onnx'));
      const error = await verifyOutputs(certificate, async (inputs) => {
        const feeds = Object.entries(inputs).map(([name, { element, shape, values }]) => {
          const data = element === 'float' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
          return [name, new runtime.Tensor(element === 'float' ? 'float32' : 'int64', data as never, shape)] as const;
        });
        const outputs = await session.run(Object.fromEntries(feeds));
        return Object.fromEntries(
          Object.entries(outputs).map(([name, { dims, data }]) => [
            name,
            { element: 'float' as const, shape: dims, values: Array.from(data as Float32Array, Number) },
          ]),
        );
      });
      expect(error.relative).toBeLessThan(1e-4);
    }

    const html = await take(page, 'Page that answers, HTML');
    expect(html.bytes.length).toBeLessThan(700_000);
    for (const part of ['unrolled', 'preact', '@preact/signals', '@preact/signals-core'])
      expect(new TextDecoder().decode(html.bytes)).toMatch(
        new RegExp(`^${part} [\\d.]+, MIT\n\n[^]{0,40}^Copyright`, 'm'),
      );
    const alone = await opened(site, folder, html.bytes);
    await alone.page.locator('.scores tbody tr').first().waitFor();
    expect(await alone.page.locator('.scores tbody').textContent()).toBe(answer);
    await alone.page.locator('.ask-text input').fill('not bad at all , superb');
    await alone.page.getByRole('button', { name: 'Ask', exact: true }).click();
    await alone.page.locator('.written', { hasText: 'superb' }).waitFor();
    expect(await violations(alone.page)).toEqual([]);
    expect(alone.problems).toEqual([]);
    expect(problems).toEqual([]);
  }, 60_000);

  test.each([
    ['stories', '&training.windowLength=16', '.written span'],
    ['dates', '', '.attention td'],
    ['depth', '', '.tags li'],
    ['seasons', '&training.windowLength=24&training.evaluateEvery=40', '.ask .chart path.line'],
    ['questions', '', '.scores tbody tr'],
  ])(
    '%s: a page of one file answers and explains itself, in both languages, in the dark',
    async (preset, more, shown) => {
      const { page } = await trained(preset, more);
      const { bytes } = await take(page, 'Page that answers, HTML');
      await page.context().close();
      const alone = await opened(site, folder, bytes, 'dark');
      await alone.page.locator(shown).first().waitFor();
      await alone.page.getByRole('button', { name: '한국어로 보기' }).click();
      await alone.page.getByText('어떻게 학습했나').waitFor();
      expect(await violations(alone.page)).toEqual([]);
      await alone.page.setViewportSize({ width: 360, height: 740 });
      expect(await alone.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      expect(alone.problems).toEqual([]);
      await alone.page.context().close();
    },
    60_000,
  );
});

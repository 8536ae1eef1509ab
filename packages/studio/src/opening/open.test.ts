import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { openRun, Random } from 'unrolled';
import { expect, test } from 'vitest';
import { openGiven } from './open.ts';

test('a zip that declares more bytes than a page can hold is refused before anything is unpacked', async () => {
  const random = new Random(1);
  const noise = Uint8Array.from({ length: 600_000 }, () => random.bits());
  const zip = zipSync({ 'config.json': new Uint8Array(2), 'model.safetensors': noise }, { level: 1 });
  const view = new DataView(zip.buffer, zip.byteOffset);
  const entry = zip.findLastIndex((_, at) => at + 4 <= zip.length && view.getUint32(at, true) === 0x02014b50);
  view.setUint32(entry + 24, 2 ** 29, true); // of model.safetensors, in the directory
  const opening = openGiven({ files: [{ path: 'run.zip', file: new Blob([zip]) }] });
  await expect(opening).rejects.toThrow('run.zip: declares more than 536870912 bytes');
});

const folder = fileURLToPath(new URL('../../../../test/fixtures/runs/', import.meta.url));

test.each(['tag-spelled', 'vqa-map', 'series-step', 'translate-plain'])(
  'all that a run needs is kept of it: %s',
  async (name) => {
    const paths = readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const files = paths.map((path) => ({ path: path.slice(folder.length), file: new Blob([readFileSync(path)]) }));
    const { files: kept, about } = await openGiven({ files });
    expect((await openRun(kept)).task).toBe(about.task);
  },
);

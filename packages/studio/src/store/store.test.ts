import type { Checkpoint } from 'unrolled';
import { expect, test } from 'vitest';
import { emptyHistory } from '../training/history.ts';
import { presets } from '../settings/presets.ts';
import type { RunSpec } from '../training/spec.ts';
import { RunStore } from './runs.ts';
import { type Folder, memoryFolder, sealed, unsealed } from './store.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

function checkpoint(step: number): Checkpoint {
  const tensor = { dtype: 'float32', shape: [2], data: Float32Array.of(step, -step) } as const;
  const state = { version: 1, step, smoothLoss: 1 } as unknown as Checkpoint['state'];
  return { step, model: new Map([['decoder.bias', tensor]]), training: new Map([['optimizer.m.0', tensor]]), state };
}

/** A folder whose next write stops in the middle, as when the browser is killed. */
function torn(inner: Folder): Folder & { tear: boolean } {
  return {
    ...inner,
    tear: false,
    async write(folder, file, content) {
      if (!this.tear) return inner.write(folder, file, content);
      this.tear = false;
      await inner.write(folder, file, content.subarray(0, content.length >> 1));
      throw new Error('killed');
    },
  };
}

test('what was cut off or altered is not taken for whole', async () => {
  const whole = await sealed(bytes(1, 2, 3));
  expect(await unsealed(whole)).toEqual(bytes(1, 2, 3));
  expect(await unsealed(whole.subarray(0, 20))).toBeNull();
  expect(await unsealed(whole.with(1, 9))).toBeNull();
  expect(await unsealed(null)).toBeNull();
});

test('a checkpoint comes back as it was, with its history, and the newer of two', async () => {
  const store = new RunStore(memoryFolder());
  const history = { ...emptyHistory(), stride: 4 };
  for (const step of [10, 20, 30]) await store.save('a', { checkpoint: checkpoint(step), history });
  expect(await new RunStore(memoryFolder()).load('a')).toBeNull();
  expect(await store.load('a')).toEqual({ checkpoint: checkpoint(30), history });
});

test('killed while it writes, a run is where it was saved before', async () => {
  const folder = torn(memoryFolder());
  const store = new RunStore(folder);
  for (const step of [10, 20]) await store.save('a', { checkpoint: checkpoint(step), history: emptyHistory() });
  folder.tear = true;
  await expect(store.save('a', { checkpoint: checkpoint(30), history: emptyHistory() })).rejects.toThrow('killed');
  const again = new RunStore(folder);
  expect((await again.load('a'))?.checkpoint.step).toBe(20);
  await again.save('a', { checkpoint: checkpoint(31), history: emptyHistory() });
  expect((await new RunStore(folder).load('a'))?.checkpoint.step).toBe(31);
});

test('the list has what was described last, also when the last description was torn', async () => {
  const folder = torn(memoryFolder());
  const store = new RunStore(folder);
  const summary = (step: number) => ({
    spec: { id: 'a', created: 1, data: { preset: 'stories' }, settings: { lr: 0.5 } } as RunSpec,
    step,
    loss: 1,
    sha: null,
    playing: true,
  });
  await store.describe(summary(1));
  await store.describe(summary(2));
  const [kept] = await store.list();
  expect(kept.step).toBe(2);
  expect(kept.spec.settings).toEqual({ ...presets.stories, lr: 0.5 }); // what there was not yet is as the example has it
  await folder.write('broken', 'run', bytes(1, 2));
  expect((await store.list()).length).toBe(1);
});

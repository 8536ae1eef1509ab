import { expect, test } from 'vitest';
import { placeOf, shareOf } from './place.ts';

const none = { index: null, processes: null };
const ranks = (rank: number, size: number) => ({ by: 'mpirun', rank, size, localSize: size, libraries: [] });
const trials = [0, 1, 2, 3, 4, 5, 6];
const share = (...args: Parameters<typeof placeOf>) => shareOf(trials, placeOf(...args));

test('one process has all trials', () => {
  expect(share(none, 7, {}, null)).toEqual(trials);
  expect(share(none, 7, {}, ranks(0, 1))).toEqual(trials);
});

test.each([
  ['SLURM_ARRAY_TASK_ID', 'Slurm array'],
  ['JOB_COMPLETION_INDEX', 'Kubernetes Job'],
])('%s is the index of a trial, or of the processes that share them', (variable, by) => {
  const place = placeOf(none, 7, { [variable]: '3' }, null);
  expect(place).toMatchObject({ by: `index 3 of ${by}`, together: false });
  expect(shareOf(trials, place)).toEqual([3]);
  expect(share({ index: null, processes: 3 }, 7, { [variable]: '2' }, null)).toEqual([2, 5]);
  expect(() => placeOf(none, 7, { [variable]: '7' }, null)).toThrow(
    `${by}: there are 7 indices (one for each trial), from 0 to 6, got 7`,
  );
});

test('every trial is the trial of one rank, whatever their number', () => {
  for (const size of [2, 3, 9]) {
    const shares = Array.from({ length: size }, (_, rank) => share(none, 7, {}, ranks(rank, size)));
    expect(shares.flat().sort((a, b) => a - b)).toEqual(trials);
  }
  expect(placeOf(none, 7, {}, ranks(1, 2))).toMatchObject({ by: 'rank 1 of 2', together: true });
});

test('indices of several ranks each share the trials too', () => {
  const values = { index: null, processes: 2 };
  const shares = [0, 1].flatMap((index) =>
    [0, 1].map((rank) => share(values, 7, { SLURM_ARRAY_TASK_ID: String(index) }, ranks(rank, 2))),
  );
  expect(shares).toEqual([[0, 4], [1, 5], [2, 6], [3]]);
  expect(() => placeOf(none, 7, { SLURM_ARRAY_TASK_ID: '0' }, ranks(0, 2))).toThrow(
    '--processes: say how many indices there are: each has 2 processes here',
  );
});

test('what does not say which process this is, is refused', () => {
  expect(() => placeOf({ index: null, processes: 3 }, 7, {}, null)).toThrow('--processes: needs to know which');
  expect(() => placeOf(none, 7, {}, { ...ranks(0, 2), size: null })).toThrow('say --index and --processes');
  expect(share({ index: 1, processes: 3 }, 7, {}, null)).toEqual([1, 4]);
});

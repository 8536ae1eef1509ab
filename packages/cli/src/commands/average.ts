// `unrolled average <run>…`: a run whose weights are the mean of several checkpoints: the last ones of one run, or the best of several.

import { createHash } from 'node:crypto';
import { OptionError } from 'unrolled';
import { averageStateDicts } from 'unrolled/io';
import type { CommandSpec } from '../command-line/program.ts';
import { averageOptions } from '../command-line/tables.ts';
import { type CheckpointData, RunFolder } from '../run-folder.ts';
import { firstDifference } from '../runs/config.ts';
import { grouped, stdout, table } from '../terminal/index.ts';
import { t } from '../language/index.ts';

interface Opened {
  readonly path: string;
  readonly folder: RunFolder;
  readonly checkpoints: readonly CheckpointData[];
}

export const average: CommandSpec<typeof averageOptions> = {
  name: 'average',
  summary: 'average the weights of checkpoints into a new run',
  args: [['<runs...>', 'one run, whose newest checkpoints are averaged, or several of the same model']],
  options: averageOptions,
  examples: [
    'unrolled average runs/de-en --out runs/de-en-average',
    'unrolled average runs/seed-1 runs/seed-2 --out runs/mean --last 3',
  ],
  async run({ out, last, force, json }, paths) {
    if (out === null) throw new OptionError('average', '--out', 'name the run folder to write');
    const several = paths.length > 1;
    const opened: Opened[] = [];
    for (const path of paths) opened.push(await checkpointsOf(path, last ?? (several ? null : Infinity)));
    for (const other of opened.slice(1)) checkSameModel(opened[0], other);
    const all = opened.flatMap(({ checkpoints }) => checkpoints);
    if (all.length === 1)
      throw new OptionError(
        'average',
        paths[0],
        'keeps one checkpoint, and a mean needs two; train with --keep-checkpoints 5, or name another run of the model',
      );
    const [{ folder }] = opened;
    const [newest] = opened[0].checkpoints;
    const written = await RunFolder.create(
      out,
      { ...folder.readContents(), config: folder.config },
      { replace: force },
    );
    try {
      const model = averageStateDicts(all.map((one) => one.model).reverse()); // the newest last
      await written.saveCheckpoint({ ...newest, model, best: true });
    } finally {
      await written.close();
    }
    const steps = all.map(({ step }) => step);
    const result = { run: out, checkpoints: all.length, steps };
    if (!json)
      for (const line of table([
        [t('averaged'), t`${all.length} checkpoints, of steps ${steps.map(grouped).join(', ')}`],
        [t('written'), out],
      ]))
        stdout.write(`${line}\n`);
    return result;
  },
};

/** The newest checkpoints of a run; null for the best one alone. */
async function checkpointsOf(path: string, count: number | null): Promise<Opened> {
  const folder = await RunFolder.open(path);
  const best = count === null ? await folder.loadCheckpoint('best') : null;
  const checkpoints = count === null ? (best ? [best] : []) : folder.loadNewest(count);
  await folder.close();
  if (checkpoints.length === 0) throw new OptionError('average', path, 'holds no checkpoint yet');
  return { path, folder, checkpoints };
}

/** Weights mean the same in both: the same model, and the same tokens, labels and whatever else its files hold. */
function checkSameModel(first: Opened, other: Opened): void {
  const difference =
    firstDifference(first.folder.config.task, other.folder.config.task, 'task') ??
    firstDifference(first.folder.config.model, other.folder.config.model, 'model');
  const [own, its] = [first, other].map(({ folder }) => folder.readContents());
  const names = [...new Set([...Object.keys(own), ...Object.keys(its)])];
  const file = names.find((name) => hashOf(own[name]) !== hashOf(its[name]));
  if (difference !== null || file !== undefined)
    throw new OptionError(
      'average',
      other.path,
      `is of another model than ${first.path} (${difference ?? `${String(file)}.json differs`}); a mean is of weights that mean the same`,
    );
}

function hashOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex');
}

// Every command by its name, in the order of --help. Each is loaded when it is asked for: `unrolled serve` does not wait for the modules of training.

import type { OptionTable } from './command-line/options.ts';
import type { CommandSpec } from './command-line/program.ts';

type Spec = CommandSpec<OptionTable>;

/** What loads a command, or all that begin with the name: `train` is one for each task. */
const loaders: Readonly<Record<string, () => Promise<Spec | readonly Spec[]>>> = {
  train: async () => {
    const [{ trainCommand }, { kinds }] = await Promise.all([import('./commands/train.ts'), import('./tasks.ts')]);
    return kinds.map(trainCommand);
  },
  sweep: async () => (await import('./commands/sweep.ts')).sweep,
  demo: async () => (await import('./commands/demo.ts')).demo,
  sample: async () => (await import('./commands/sample.ts')).sample,
  predict: async () => (await import('./commands/predict.ts')).predict,
  translate: async () => (await import('./commands/translate.ts')).translateTexts,
  forecast: async () => (await import('./commands/forecast.ts')).forecastCommand,
  ask: async () => (await import('./commands/ask.ts')).ask,
  eval: async () => (await import('./commands/eval.ts')).evaluate,
  average: async () => (await import('./commands/average.ts')).average,
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  serve: async () => (await import('./commands/serve.ts')).serve,
  studio: async () => (await import('./commands/studio.ts')).studio,
  import: async () => (await import('./commands/import.ts')).importModel,
  export: async () => (await import('./commands/export.ts')).exportModelCommand,
  describe: async () => (await import('./commands/describe.ts')).describe,
  lesson: async () => (await import('./commands/lesson.ts')).lesson,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  native: async () => (await import('./commands/native.ts')).native,
};

/** Commands, and those that train. */
export interface Commands {
  readonly train: readonly Spec[];
  /** All others. */
  readonly others: readonly Spec[];
}

export function allCommands(): Promise<Commands> {
  return load(Object.keys(loaders));
}

/** The command of this name alone; none for `--version`; all, where there is no such name, for the error message that lists them. */
export function commandsFor(name: string | undefined): Promise<Commands> {
  if (name !== undefined && /^--?v(?:ersion)?$/.test(name)) return load([]);
  return name !== undefined && Object.hasOwn(loaders, name) ? load([name]) : allCommands();
}

async function load(names: readonly string[]): Promise<Commands> {
  const specs = await Promise.all(names.map(async (name) => ({ name, found: await loaders[name]() })));
  return {
    train: specs.filter(({ name }) => name === 'train').flatMap(({ found }) => found),
    others: specs.filter(({ name }) => name !== 'train').flatMap(({ found }) => found),
  };
}

// From a command line to what is to be trained: the kind that these data are of, and the data, read.

import { OptionError } from 'unrolled';
import { flagOf, type OptionTable, type Values } from '../command-line/options.ts';
import type { Prepared, TaskKind } from './kind.ts';

/** Which options were given, in contrast to defaults, and whom to tell about what takes a while. */
export interface Asked {
  readonly given: ReadonlySet<string>;
  readonly say: (text: string) => void;
}

/** Reads the data and settles what depends on them. `own` is the kind of these data: numbers in place of texts are another one's. Writes nothing. */
export async function prepareRun(
  kind: TaskKind,
  values: Values<OptionTable>,
  inputs: readonly string[],
  { given, say }: Asked,
): Promise<{ readonly own: TaskKind; readonly prepared: Prepared }> {
  const own = (await kind.specialize?.(values, given, inputs)) ?? kind;
  refuseForeign(kind.name, own, given);
  return { own, prepared: await own.prepare(values, inputs, say) };
}

/** Throws for an option that was given and means nothing to these data. */
function refuseForeign(command: string, { foreign = [], name }: TaskKind, given: ReadonlySet<string>): void {
  const key = foreign.find((one) => given.has(one));
  if (key === undefined) return;
  const data = name === command ? 'texts' : 'number sequences';
  throw new OptionError(`train ${command}`, `--${flagOf(key)}`, `means nothing to ${data}, which these data are`);
}

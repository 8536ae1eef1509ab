// What lies in the zip of a run, and what to do with it.

import type { TaskName } from 'unrolled/pipelines';
import type { Snapshot } from '../training/snapshot.ts';
import { evalCommand } from './eval-command.ts';
import { beginningsIn } from './examples.ts';
import { snippetOf } from './snippet.ts';

/** The task that a run's configuration names; null for one that cannot be asked. */
export function taskOf({ files }: Pick<Snapshot, 'files'>): TaskName | null {
  const { model } = Object(files['config.json']) as {
    readonly model?: { readonly input?: { readonly kind?: TaskName } };
  };
  return model?.input?.kind ?? null;
}

/** An input to try a run on; empty for what is no text. */
export function exampleOf({ heldOut }: Pick<Snapshot, 'heldOut'>): string {
  if (!heldOut) return '';
  if (heldOut.kind === 'text') return beginningsIn(heldOut.text)[0] ?? '';
  const [first = []] = heldOut.rows;
  if (heldOut.head[0] === 'tokens') {
    const tokens = JSON.parse(first[0] ?? '[]') as string[];
    return tokens.join(tokens.every((token) => Array.from(token).length === 1) ? '' : ' ');
  }
  return heldOut.head[1] === 'question' ? (first[1] ?? '') : (first[0] ?? '');
}

export function readme(root: string, snapshot: Snapshot, file: string | null): string {
  const { spec, step } = snapshot;
  const { cell, numLayers, hiddenSize } = spec.settings;
  const task = taskOf(snapshot);
  const program = task
    ? `\nIn a program:\n\n\`\`\`js\n${snippetOf(root, task, 'node', exampleOf(snapshot))}\`\`\`\n`
    : '';
  return `# ${spec.name}

A recurrent network (${cell}, ${numLayers} × ${hiddenSize} units, ${spec.parameters} parameters), trained for ${step} steps in the studio of \`unrolled\`.

Measure it${file === null ? '' : `, on ${file}, which it was not trained on`}, from the folder that this one lies in:

\`\`\`sh
${evalCommand(root, file)}
\`\`\`
${program}`;
}

// `unrolled inspect <run>`: what a network learned, how gradients and gates behave in it, and whether it is wired as it should be. In the terminal,
// as one HTML file, or as JSON.

import { OptionError, suggest } from 'unrolled';
import type { CommandSpec } from '../command-line/program.ts';
import { inspectOptions } from '../command-line/tables.ts';
import { htmlReport } from '../inspect/report.ts';
import { sections } from '../inspect/sections/index.ts';
import type { InspectContext, Section } from '../inspect/source.ts';
import { kindOf, kinds } from '../tasks.ts';
import { orLostData } from '../runs/lost-data.ts';
import { openSaved } from '../runs/saved.ts';
import { shellPath } from '../shell.ts';
import { type Screen, screenOf, stderr, stdout, styleFor, wrap } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import { chooseBackend } from './compute.ts';
import { t } from '../language/index.ts';

export const inspect: CommandSpec<typeof inspectOptions> = {
  name: 'inspect',
  summary: 'analyze a trained network: gradients, memory, hidden units, gates, checks',
  args: [['<run>', 'the run folder']],
  options: inspectOptions,
  examples: [
    'unrolled inspect runs/my --html report.html',
    'unrolled inspect runs/my --section cells --label "speaker=^[A-Z ]+:"',
    'unrolled inspect runs/my --text other.txt --length 8000',
  ],
  async run(values, [path]) {
    const wanted = chosen(values.section);
    await chooseBackend(values);
    const trust = { ownData: values.text === null, trustPaths: values.trustPaths };
    const saved = await openSaved(path, values.checkpoint as 'best' | 'last', trust);
    const say = (text: string) => {
      if (!values.quiet) stderr.write(`${styleFor(process.stderr).dim(text)}\n`);
    };
    if (saved.notice) say(t(saved.notice));
    const kind = kindOf(saved);
    if (!kind.inspect) {
      const able = kinds.filter((k) => k.inspect).map((k) => k.name);
      throw new OptionError(
        'inspect',
        path,
        `is a run of the task ${kind.name}; those that can be inspected are ${able.join(', ')}`,
      );
    }
    say(t('reading'));
    if (values.text !== null && kind.name !== 'text' && !saved.config.data.imported)
      throw new OptionError('inspect', '--text', `means nothing to a run of train ${kind.name}: its own data are read`);
    const inspect = kind.inspect;
    const read = () => inspect(saved, { text: values.text, length: values.length });
    const others = kind.name === 'text' ? `unrolled inspect ${shellPath(path)} --text …` : null;
    const source = await (values.text === null ? orLostData('inspect', saved.config, others, read) : read());
    if (!source.reading)
      for (const key of ['label', 'length'] as const)
        if (values[key] !== inspectOptions[key].default)
          throw new OptionError(
            'inspect',
            `--${key}`,
            `means nothing to a run of train ${kind.name}: it reads no symbols`,
          );
    const context: InspectContext = { source, label: values.label, say };
    const made: Section[] = [];
    for (const { id, make } of wanted) {
      say(t`looking at ${t(id)}`);
      const section = make(context);
      if (section) made.push(section);
      else if (values.section) say(t`${id}: this run has nothing to say about it`);
    }
    if (values.html !== null) {
      writeFile(values.html, htmlReport(source, made));
      say(t`wrote ${values.html}`);
    }
    if (!values.json && values.html === null)
      for (const line of terminalReport(made, screenOf(stdout))) stdout.write(`${line}\n`);
    return {
      run: path,
      step: saved.step,
      html: values.html,
      sections: Object.fromEntries(made.map(({ id, sentences, data }) => [id, { sentences, data }])),
    };
  },
};

function chosen(list: string | null): typeof sections {
  if (list === null) return sections;
  return list.split(',').map((name) => {
    const section = sections.find(({ id }) => id === name.trim());
    if (section) return section;
    const known = sections.map(({ id }) => id);
    throw new OptionError('inspect', '--section', `there is no ${name}; ${suggest(name, known)}`);
  });
}

const mostColumns = 110;

function terminalReport(made: readonly Section[], output: Screen): string[] {
  const screen = { ...output, width: Math.min(mostColumns, output.width) };
  const said = (sentence: string) =>
    wrap(sentence, screen.width - 2).map((line, k) => `${k === 0 ? '· ' : '  '}${line}`);
  return made.flatMap((section) => {
    const lines = section.lines(screen);
    const shown = lines.length > 0 ? [...lines, ''] : [];
    return ['', screen.style.bold(section.title), '', ...shown, ...section.sentences.flatMap(said)];
  });
}

// `unrolled train text`: what a person sees of a text run, from its first line to the screen that says what to type next.

import { OptionError } from 'unrolled';
import { commonOptions, trainTextOptions } from '../command-line/tables.ts';
import type { CommandSpec } from '../command-line/program.ts';
import type { Values } from '../command-line/options.ts';
import { demoText } from '../demo-text.ts';
import { Interrupted, interruptible } from '../interrupt.ts';
import { duration, grouped, ProgressLine, styleFor, wrap } from '../terminal/index.ts';
import type { CellName } from 'unrolled';
import type { OptimizerName, ScheduleName, TextOptions } from '../text/config.ts';
import { defaultFolder, readText } from '../text/read.ts';
import { runText, type TextRunEvent, type TextRunStart } from '../text/train.ts';
import { chooseBackend, describeBackend } from './compute.ts';

const options = {
  ...trainTextOptions,
  demo: {
    kind: 'flag',
    default: false,
    help: 'without a text: learn from the declaration files that come with TypeScript',
  },
} as const;

type TrainTextValues = Values<typeof options>;

export interface TrainTextResult {
  readonly run: string;
  readonly steps: number;
  readonly reason: string;
  /** Nats per character. */
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly bestValidationLoss: number | null;
  readonly bitsPerCharacter: number | null;
  readonly charactersPerSecond: number;
  readonly seconds: number;
}

export const trainText: CommandSpec<typeof options> = {
  name: 'text',
  summary: 'learn a text character by character, and write more of the same',
  args: [['[files...]', 'the text to learn, UTF-8 or UTF-16; - is standard input']],
  options,
  examples: [
    'unrolled train text my.txt',
    'unrolled train text my.txt --cell lstm --hidden 512 --layers 2 --dropout 0.3 --minutes 10 --out runs/mine',
    'unrolled train text *.txt --config settings.json --seed 7',
  ],
  async run(values, args) {
    const files = [...args, ...(values.text?.split(',') ?? [])];
    const output = process.stderr;
    const style = styleFor(output);
    const line = new ProgressLine(values.quiet ? { write: () => true } : output);
    const say = (text: string) => line.print(text);
    const source = files.length > 0 ? readText(files) : demoSource(values.demo);
    const folder = values.out ?? (files.length > 0 ? defaultFolder(files) : 'runs/start');
    const backend = await chooseBackend(values);
    const view = new TextRunView(line, style, describeBackend(backend));
    await interruptible(
      () => say(style.yellow('stopping after this step, and saving (Ctrl-C again to leave at once)')),
      async (signal) => {
        const run = {
          source,
          folder,
          options: textOptions(values),
          fresh: values.fresh,
          saveSeconds: values.saveSeconds,
          signal,
          say,
        };
        for await (const event of runText(run)) view.show(event);
      },
    );
    const result = view.result();
    if (!values.json && !values.quiet) view.lastScreen(result);
    if (result.reason === 'stopped') throw new Interrupted(result);
    return result;
  },
};

function demoSource(demo: boolean) {
  const found = demo ? demoText() : null;
  if (found) return { text: found.text, source: found.description };
  throw new OptionError(
    'train text',
    'files',
    demo
      ? 'no declaration files are installed here to learn from; name a text: unrolled train text my.txt'
      : 'name a text: unrolled train text my.txt (or --demo for one that is already here)',
  );
}

function textOptions(values: TrainTextValues): TextOptions {
  const given = Object.fromEntries(
    Object.entries(values).filter(([key]) => !(key in commonOptions) && !notSettings.includes(key)),
  );
  return {
    ...given,
    cell: values.cell as CellName,
    optimizer: values.optimizer as OptimizerName,
    schedule: values.schedule as ScheduleName,
  } as unknown as TextOptions;
}

/** Options that are about where and how, not about what is learnt. */
const notSettings = ['text', 'out', 'fresh', 'config', 'demo', 'saveSeconds', 'backend', 'threads'];

const sampleLines = 5;

class TextRunView {
  readonly #line: ProgressLine;
  readonly #style: ReturnType<typeof styleFor>;
  readonly #backend: string;
  readonly #losses: number[] = [];
  readonly #begun = performance.now();
  #start: TextRunStart | null = null;
  #firstStep: { at: number; step: number } | null = null;
  #characters = 0;
  #rate = 0;
  #step = 0;
  #trainLoss = Number.NaN;
  #validationLoss: number | null = null;
  #bestLoss: number | null = null;
  #reason = 'finished';

  constructor(line: ProgressLine, style: ReturnType<typeof styleFor>, backend: string) {
    this.#line = line;
    this.#style = style;
    this.#backend = backend;
  }

  show(event: TextRunEvent): void {
    const { bold, dim, cyan, yellow } = this.#style;
    switch (event.type) {
      case 'start':
        return this.#introduce(event);
      case 'step': {
        // The first step warms up; the speed counts from there.
        const now = performance.now();
        const warm = this.#firstStep !== null;
        this.#firstStep ??= { at: now, step: event.step };
        if (warm) this.#characters += event.targets;
        const seconds = (now - this.#firstStep.at) / 1000;
        this.#rate = seconds > 0 ? this.#characters / seconds : 0;
        this.#losses.push(event.loss);
        this.#step = event.step;
        this.#trainLoss = event.smoothLoss;
        const total = this.#start?.config.training.steps ?? event.step;
        if (!warm && event.step < total) return;
        const perStep = seconds / Math.max(1, event.step - this.#firstStep.step);
        this.#line.update({
          done: event.step,
          total,
          loss: event.smoothLoss,
          charactersPerSecond: this.#rate,
          secondsLeft: perStep * (total - event.step),
          losses: this.#losses,
        });
        return;
      }
      case 'evaluation':
        this.#validationLoss = event.loss;
        this.#line.print(
          `${bold(`validation ${event.loss.toFixed(3)}`)} nats, ${(event.loss / Math.LN2).toFixed(3)} bits per character${event.best ? '' : dim('  (not the best)')}`,
        );
        return;
      case 'sample': {
        const width = Math.min(100, (process.stderr.columns || 80) - 4);
        const lines = event.text
          .split('\n')
          .flatMap((l) => wrap(l, width))
          .filter((l) => l.trim() !== '')
          .slice(0, sampleLines);
        this.#line.print(
          `${dim(`step ${grouped(event.step)} writes:`)}\n${lines.map((l) => `  ${cyan('│')} ${l}`).join('\n')}`,
        );
        return;
      }
      case 'skipped':
        this.#line.print(yellow(`step ${event.step} was left out: ${event.where} was not finite`));
        return;
      case 'saved':
        return;
      case 'end':
        this.#bestLoss = event.bestLoss;
        this.#reason = event.reason;
        this.#step = event.step;
        this.#line.clear();
        return;
      default:
        event satisfies never;
    }
  }

  #introduce(start: TextRunStart): void {
    const { bold, dim, yellow } = this.#style;
    this.#start = start;
    const { config, model } = start;
    const { cell, numLayers, hiddenSize } = config.model;
    this.#line.print(bold(`unrolled: learning ${config.data.source}`));
    this.#line.print(
      dim(
        [
          `  text    ${grouped(start.trainCharacters)} characters to learn, ${grouped(start.validationCharacters)} to validate, ${start.vocabularySize} different`,
          `  model   ${cell}, ${numLayers} × ${hiddenSize} units, ${grouped(model.parameterCount())} parameters`,
          `  steps   ${grouped(config.training.steps)} of ${config.training.batch} × ${config.training.seqLength} characters`,
          `  run     ${start.folder}   (${this.#backend})`,
        ].join('\n'),
      ),
    );
    if (start.notice) this.#line.print(yellow(start.notice));
    if (start.resumedAt > 0) this.#line.print(`going on at step ${grouped(start.resumedAt)}`);
    this.#step = start.resumedAt;
  }

  result(): TrainTextResult {
    const loss = this.#bestLoss;
    return {
      run: this.#start?.folder ?? '',
      steps: this.#step,
      reason: this.#reason,
      trainLoss: this.#trainLoss,
      validationLoss: this.#validationLoss,
      bestValidationLoss: loss,
      bitsPerCharacter: loss === null ? null : loss / Math.LN2,
      charactersPerSecond: Math.round(this.#rate),
      seconds: (performance.now() - this.#begun) / 1000,
    };
  }

  /** Where the run is, how good it is, and what to type next. */
  lastScreen(result: TrainTextResult): void {
    const { bold, green, dim } = this.#style;
    const stopped = result.reason === 'stopped';
    const head = stopped
      ? `stopped at step ${grouped(result.steps)}, saved`
      : result.steps === this.#start?.resumedAt
        ? 'this run was finished before'
        : `done in ${duration(result.seconds)}`;
    const loss = result.bestValidationLoss;
    const lines = [
      '',
      `${bold(green(head))}${loss === null ? '' : `   best validation loss ${loss.toFixed(3)} nats, ${(loss / Math.LN2).toFixed(3)} bits per character`}`,
      `  run     ${result.run}`,
      ...(result.charactersPerSecond > 0 ? [`  speed   ${grouped(result.charactersPerSecond)} characters/s`] : []),
      '',
      dim('  next'),
      ...(stopped ? ['  the same command goes on from here'] : []),
      `  npx unrolled sample ${result.run} --prompt "${this.#prompt()}"`,
      `  npx unrolled eval ${result.run}`,
      ...(stopped ? [] : ['  npx unrolled train text my.txt --minutes 5     your own text']),
      '',
    ];
    for (const text of lines) this.#line.print(text);
  }

  /** Something the vocabulary can spell. */
  #prompt(): string {
    return this.#start?.config.data.source.startsWith('the declaration files') ? 'interface ' : 'The ';
  }
}

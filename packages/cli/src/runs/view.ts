// What a person sees of a run of any kind, from its first line to the screen that says what to type next.

import { type EvaluationEvent } from 'unrolled';
import { describeChecks, describeInspection, type LiveFindings, type NetworkCheck } from 'unrolled/analysis';
import { duration, grouped, padEnd, type ProgressLine } from '../terminal/index.ts';
import { invoked } from '../installed.ts';
import { shellPath } from '../shell.ts';
import { baselineWarning } from './baseline.ts';
import { describeLeg } from './continued.ts';
import type { Prepared, TaskKind } from './kind.ts';
import { describeMetrics, type EvaluationMetrics } from './metrics.ts';
import { describeRanks, type Ranks } from './ranks.ts';
import type { RunEvent, RunStart } from './run.ts';
import type { Screen } from './shown.ts';
import { TimeLeft } from './time-left.ts';
import { spoken, t } from '../language/index.ts';

export interface RunResult {
  readonly run: string;
  readonly steps: number;
  readonly reason: string;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly bestValidationLoss: number | null;
  /** Of the best validation. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** `charactersPerSecond`, and what else the kind adds. */
  readonly [more: string]: unknown;
}

export class RunView {
  readonly #kind: TaskKind;
  readonly #prepared: Prepared;
  readonly #line: ProgressLine;
  /** Where samples and the showcase are laid out. */
  readonly #screen: Screen;
  readonly #backend: string;
  readonly #ranks: Ranks | null;
  readonly #losses: number[] = [];
  readonly #begun = performance.now();
  #start: RunStart | null = null;
  #firstStep: { at: number; step: number } | null = null;
  #timeLeft: TimeLeft | null = null;
  #counted = 0;
  #rate = 0;
  #step = 0;
  #trainLoss = Number.NaN;
  #validationLoss: number | null = null;
  #bestLoss: number | null = null;
  #metrics: EvaluationMetrics;
  #bestStep: number | null = null;
  #reason = 'finished';

  constructor(
    kind: TaskKind,
    prepared: Prepared,
    options: {
      readonly line: ProgressLine;
      readonly screen: Screen;
      readonly backend: string;
      /** The processes that train together. */
      readonly ranks?: Ranks | null;
    },
  ) {
    const { line, screen, backend, ranks = null } = options;
    this.#ranks = ranks;
    this.#kind = { ...kind, ...prepared.says };
    this.#prepared = prepared;
    this.#line = line;
    this.#screen = screen;
    this.#backend = backend;
  }

  show(event: RunEvent): void {
    const { dim, cyan, yellow } = this.#screen.style;
    switch (event.type) {
      case 'start':
        return this.#introduce(event);
      case 'step': {
        // The first step warms up; the speed counts from there.
        const now = performance.now();
        const warm = this.#firstStep !== null;
        this.#firstStep ??= { at: now, step: event.step };
        if (warm) this.#counted += event.targets;
        const seconds = (now - this.#firstStep.at) / 1000;
        this.#rate = seconds > 0 ? this.#counted / seconds : 0;
        this.#losses.push(event.loss);
        this.#step = event.step;
        this.#trainLoss = event.smoothLoss;
        const total = this.#start?.config.training.steps ?? event.step;
        this.#timeLeft?.step(now);
        if (!warm && event.step < total) return;
        this.#line.update({
          done: event.step,
          total,
          loss: event.smoothLoss,
          more: this.#kind.progress?.(event.smoothLoss),
          rate: this.#rate,
          counts: this.#kind.counts,
          secondsLeft: (this.#timeLeft?.after(event.step) ?? 0) / 1000,
          losses: this.#losses,
        });
        return;
      }
      case 'evaluation':
        this.#timeLeft?.validation();
        return this.#evaluated(event);
      case 'sample':
        this.#line.print(
          `${dim(this.#kind.name === 'text' ? t`step ${grouped(event.step)} sample:` : t`step ${grouped(event.step)}:`)}\n${event.sample
            .lines(this.#screen)
            .map((l) => `  ${cyan('│')} ${l}`)
            .join('\n')}`,
        );
        return;
      case 'look': {
        const findings = event.findings as typeof event.findings & LiveFindings;
        return this.#line.print(dim(t`step ${grouped(event.step)}: ${describeInspection(findings, spoken())}`));
      }
      case 'showcase':
        this.#line.print(['', ...event.showcase.lines(this.#screen).map((l) => `  ${l}`)].join('\n'));
        return;
      case 'skipped':
        this.#line.print(yellow(t`step ${event.step} was skipped: ${event.where} was not finite`));
        return;
      case 'saved':
        return;
      case 'end':
        this.#bestLoss = event.bestLoss;
        this.#metrics = event.bestMetrics ?? this.#metrics;
        this.#reason = event.reason;
        this.#step = event.step;
        this.#line.clear();
        return;
      default:
        event satisfies never;
    }
  }

  #evaluated(event: EvaluationEvent & { readonly metrics?: EvaluationMetrics }): void {
    const { bold, dim } = this.#screen.style;
    this.#validationLoss = event.loss;
    if (event.best) {
      this.#metrics = event.metrics;
      this.#bestStep = event.step;
    }
    const metrics = describeMetrics(event.metrics);
    const [, number, unit] = /^(\S*)(.*)$/s.exec(this.#kind.describeLoss(event.loss)) as RegExpExecArray;
    const loss = t`validation ${number}`;
    this.#line.print(
      `${metrics ? `${loss}${unit}  ${bold(metrics)}` : `${bold(loss)}${unit}`}${event.best ? '' : dim(t('  (not the best)'))}`,
    );
  }

  #introduce(start: RunStart): void {
    const { bold, dim, yellow } = this.#screen.style;
    this.#start = start;
    const { config, model } = start;
    this.#timeLeft = new TimeLeft(config.training);
    const { validationPart: part } = config.training;
    this.#line.print(bold(t`unrolled: training on ${t(config.data.source)}`));
    const lines = [
      ...this.#prepared.introduce(model, config),
      ...(part === undefined
        ? []
        : [
            [
              t('checked'),
              t`on ${(100 * part).toPrecision(2)} % of the validation data, to keep to the time; eval reads all`,
            ] as const,
          ]),
      ...(this.#ranks ? [[t('ranks'), describeRanks(this.#ranks, config.training.shards ?? 1)] as const] : []),
      [t('run'), `${start.folder}   (${this.#backend})`] as const,
    ];
    this.#line.print(dim(lines.map(([what, text]) => `  ${padEnd(what, 7)} ${text}`).join('\n')));
    for (const line of this.#checked(start.checks)) this.#line.print(line);
    const { warning: crowded = null } = this.#ranks ?? {};
    for (const warning of [...this.#prepared.warnings, ...(crowded ? [crowded] : [])])
      this.#line.print(yellow(t(warning)));
    if (start.notice) this.#line.print(yellow(t(start.notice)));
    if (start.leg) this.#line.print(this.#legLine(start));
    else if (start.resumedAt >= config.training.steps)
      this.#line.print(
        yellow(t`${start.folder} holds this run, finished at step ${grouped(start.resumedAt)}: nothing is trained now`),
      );
    else if (start.resumedAt > 0 && start.resumedAt < config.training.steps)
      this.#line.print(t`resuming at step ${grouped(start.resumedAt)}`);
    this.#step = start.resumedAt;
  }

  #legLine({ resumedAt, leg, config }: RunStart): string {
    const changes = leg ? describeLeg(leg.before, leg.leg) : [];
    const more = config.training.steps - resumedAt;
    const [from, to] = [grouped(resumedAt), grouped(config.training.steps)];
    return changes.length > 0
      ? t`continuing training, from step ${from} to ${to}, with ${changes.join(', ')}`
      : t`continuing training, from step ${from} to ${to}: ${grouped(more)} more`;
  }

  /** A line of ticks, and a line for each check that failed: what it means. */
  #checked(checks: readonly NetworkCheck[]): string[] {
    const { dim, green, red, yellow } = this.#screen.style;
    if (checks.length === 0) return [];
    const sign = ({ passed }: NetworkCheck) => (passed === null ? dim('–') : passed ? green('✓') : red('✗'));
    const ticks = checks.map((check) => `${sign(check)} ${dim(shortName(check))}`).join(dim('  '));
    return [
      `  ${dim(padEnd(t('checks'), 7))} ${ticks}`,
      ...describeChecks(checks, spoken())
        .slice(1)
        .map((sentence) => yellow(sentence)),
    ];
  }

  result(): RunResult {
    const loss = this.#bestLoss;
    return {
      run: this.#start?.folder ?? '',
      steps: this.#step,
      reason: this.#reason,
      trainLoss: this.#trainLoss,
      validationLoss: this.#validationLoss,
      bestValidationLoss: loss,
      ...(this.#metrics ? { metrics: this.#metrics } : {}),
      ...(this.#prepared.best && this.#bestStep !== null
        ? { best: { by: this.#prepared.best, step: this.#bestStep } }
        : {}),
      ...this.#kind.result?.(loss),
      [`${this.#kind.counts}PerSecond`]: Math.round(this.#rate),
      seconds: (performance.now() - this.#begun) / 1000,
    };
  }

  /** How to go on with a run that is over: the options that chose its length do not. */
  #further({ steps, reason }: RunResult): string[] {
    const wasOver = steps === this.#start?.resumedAt;
    if (reason !== 'no improvement' && !wasOver) return [];
    const more = 2 * Math.max(steps, this.#start?.config.training.steps ?? 0);
    return [
      t`  the same command with --steps ${more} continues training`,
      ...(wasOver ? [t('  the same command with --fresh trains it again from the beginning')] : []),
    ];
  }

  /** What the best model goes by, and next to it what else was measured at that moment: it need not be the best of that. */
  #best({ bestValidationLoss: loss, metrics = {} }: RunResult): string {
    const by = this.#prepared.best ?? null;
    const lossText = loss === null ? '' : t`validation loss ${this.#kind.describeLoss(loss)}`;
    if (by === null || (by !== 'loss' && !(by in metrics))) return describeMetrics(metrics) || lossText;
    const others = Object.fromEntries(Object.entries(metrics).filter(([name]) => name !== by));
    const rest = [...(by === 'loss' || lossText === '' ? [] : [lossText]), describeMetrics(others)]
      .filter(Boolean)
      .join('  ');
    const first = by === 'loss' ? lossText : describeMetrics({ [by]: metrics[by] });
    return `${first}${rest && first ? t`   (there: ${rest})` : ''}`;
  }

  /** Where the run is, how good it is, and what to type next. */
  lastScreen(result: RunResult): void {
    const { bold, green, dim } = this.#screen.style;
    const stopped = result.reason === 'stopped';
    const head = stopped
      ? t`stopped at step ${grouped(result.steps)}, saved`
      : result.steps === this.#start?.resumedAt
        ? t('this run is already finished')
        : t`done in ${duration(result.seconds)}`;
    const best = this.#best(result);
    const lines = [
      '',
      `${bold(green(head))}${best && t`   best ${best}`}`,
      t`  run     ${result.run}`,
      ...(this.#rate > 0 ? [t`  speed   ${grouped(Math.round(this.#rate))} ${t(this.#kind.counts)}/s`] : []),
      '',
      dim(t('  next')),
      ...(stopped ? [t('  the same command resumes from here')] : this.#further(result)),
      ...this.#kind.next(shellPath(result.run), this.#prepared, stopped).map((command) => `  ${invoked()} ${command}`),
      '',
    ];
    for (const text of lines) this.#line.print(text);
    const warning = stopped ? null : baselineWarning(this.#prepared.baseline, result.metrics);
    if (warning) this.#line.print(`${this.#screen.style.yellow(warning)}\n`);
  }
}

/** Of a check, for one line. */
function shortName({ name, title }: NetworkCheck): string {
  if (title === 'no output depends on the future') return t('causal');
  const names = {
    padding: t('padding'),
    rows: t('batch rows'),
    state: t('state'),
    start: t('initial loss'),
    gradients: t('gradients'),
    overfits: t('overfits one batch'),
  };
  return names[name];
}

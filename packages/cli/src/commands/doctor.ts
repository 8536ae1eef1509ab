// `unrolled doctor`: what the machine has, which kernels were taken and why not others, whether they are right, and how fast they are.

import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { type Backend, backendReport } from 'unrolled';
import { findMpi, MpiError } from 'unrolled/world';
import type { CommandSpec } from '../command-line/program.ts';
import { doctorOptions } from '../command-line/tables.ts';
import { loadDuckdb } from '../readers/duckdb.ts';
import { findFfmpeg } from '../readers/video/ffmpeg.ts';
import { invoked } from '../installed.ts';
import { loadSharp } from '../pages/svg-to-png.ts';
import { joinRanks, type Ranks } from '../runs/ranks.ts';
import { bytes, compact, stderr, stdout, type Style, styleFor, table } from '../terminal/index.ts';
import { version } from '../version.ts';
import { chooseBackend, describeBackend } from './compute.ts';
import { type SelfTest, selfTest, tolerance } from './self-test.ts';
import { errorText, t } from '../language/index.ts';

export interface DoctorResult {
  readonly unrolled: string;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly backend: string;
  /** What was tried, in order, and what came of it. */
  readonly attempts: readonly { readonly what: string; readonly outcome: string }[];
  /** What to type for faster kernels; null where nothing is missing. */
  readonly advice: string | null;
  /** What reads Parquet and evaluates `--where`, what reads images and what reads videos; for what is missing, what to do. */
  readonly tables: string;
  readonly images: string;
  readonly videos: string;
  /** The library of MPI, its binary interface, and under a launcher the ranks and each one's threads; what to install where there is none. */
  readonly mpi: string;
  /** Null with --no-test. */
  readonly test: SelfTest | null;
  /** Whether every check passed; a doctor's exit code is 1 otherwise. */
  readonly healthy: boolean;
}

export const doctor: CommandSpec<typeof doctorOptions> = {
  name: 'doctor',
  summary: 'report the machine, backends and readers, and test the kernels for about ten seconds',
  options: doctorOptions,
  examples: ['unrolled doctor', 'unrolled doctor --backend wasm', 'unrolled doctor --no-test --json'],
  async run(values) {
    const ranks = await joinRanks();
    const { world } = ranks ?? {};
    if (world && world.rank > 0) return world.leave().then(() => null); // the first one reports
    const backend = await chooseBackend({ ...values, threads: values.threads ?? ranks?.threads ?? null });
    const say = (text: string) => {
      if (!values.quiet) stderr.write(`${text} …\n`);
    };
    const test = values.test ? await selfTest(backend, say) : null;
    const result = {
      ...machine(backend),
      ...(await readers()),
      mpi: describeMpi(ranks),
      test,
      healthy: test === null || isHealthy(test),
    } satisfies DoctorResult;
    if (!values.json) show(result);
    await world?.leave();
    if (!result.healthy) process.exitCode = 1;
    return result;
  },
};

function machine(backend: Backend): Omit<DoctorResult, 'tables' | 'images' | 'videos' | 'mpi' | 'test' | 'healthy'> {
  return {
    unrolled: version,
    node: process.version,
    system: `${platform()} ${arch()} ${release()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    backend: describeBackend(backend),
    attempts: backendReport().attempts,
    advice: adviceFor(backend, backendReport().attempts),
  };
}

/** Where WASM was taken because the native kernels were not to be had: how to have them. */
export function adviceFor({ name }: Backend, attempts: DoctorResult['attempts']): string | null {
  const failed = attempts.filter(({ what, outcome }) => what.startsWith('native:') && outcome !== 'taken');
  if (name !== 'wasm' || failed.length === 0) return null;
  const missing = failed.every(({ outcome }) => /^not (built|installed)/.test(outcome));
  return missing
    ? t`native kernels are several times as fast: ${invoked()} native build`
    : t`the native kernels that are here cannot be used: ${invoked()} native build --force`;
}

/** What several processes would train with, or do. */
function describeMpi(ranks: Ranks | null): string {
  if (ranks) {
    const { world, threads, warning } = ranks;
    const { path, version: library, abi } = world.library;
    const started =
      threads === 1
        ? t`${world.size} ranks of 1 thread by ${world.launcher}`
        : t`${world.size} ranks of ${threads} threads by ${world.launcher}`;
    return `${t`${library} (${path}, interface of ${abi}), ${started}`}${warning ? `; ${warning}` : ''}`;
  }
  try {
    const { path, version: library, abi } = findMpi();
    return t`${library} (${path}, interface of ${abi}); mpirun -n 2 ${invoked()} doctor shows the ranks`;
  } catch (error) {
    if (!(error instanceof MpiError)) throw error;
    return t('no library is here (apt-get install openmpi-bin, or mpich); one process trains with all cores');
  }
}

/** None is needed for text: a machine without them is not ill. */
async function readers(): Promise<Pick<DoctorResult, 'tables' | 'images' | 'videos'>> {
  const why = (error: Error) => errorText(error).replaceAll(/\s+/g, ' ');
  const tables = await loadDuckdb('Parquet or --where').then(
    (duckdb) => `DuckDB ${duckdb.version()}`,
    (error: Error) => t`CSV and JSON lines; ${why(error)}`,
  );
  const images = await loadSharp('reading images').then(
    ({ default: sharp }) => t`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`,
    why,
  );
  try {
    return { tables, images, videos: t`FFmpeg ${findFfmpeg().version}` };
  } catch {
    return {
      tables,
      images,
      videos: t('FFmpeg is not installed (apt-get, brew or winget install ffmpeg); folders of frames are read'),
    };
  }
}

export function isHealthy({ gemmError, lstmError, gemm, learned }: SelfTest): boolean {
  return gemmError <= tolerance && lstmError <= tolerance && gemm.every(({ gflops }) => gflops > 0) && learned;
}

function show(r: DoctorResult): void {
  const style = styleFor(process.stdout);
  const rows: (readonly [string, string])[] = [
    [t('unrolled'), t`${r.unrolled}, Node ${r.node}, ${r.system}`],
    [
      t('machine'),
      r.cores === 1
        ? t`${r.processor}, 1 core, ${bytes(r.memory)} of memory`
        : t`${r.processor}, ${r.cores} cores, ${bytes(r.memory)} of memory`,
    ],
    [t('kernels'), r.backend],
    ...r.attempts.map(({ what, outcome }) => ['', style.dim(`${what}: ${outcome.split('\n')[0]}`)] as const),
    ...(r.advice ? [['', style.yellow(r.advice)] as const] : []),
    [t('tables'), r.tables],
    [t('images'), r.images],
    [t('videos'), r.videos],
    [t('MPI'), r.mpi],
    ...(r.test ? results(r.test, style) : []),
  ];
  for (const line of table(rows)) stdout.write(`${line}\n`);
  if (r.test)
    stdout.write(
      `${r.healthy ? style.green(t('All is well.')) : style.red(t('Something is wrong: see the lines in red.'))}\n`,
    );
}

function results(test: SelfTest, style: Style): (readonly [string, string])[] {
  const verdict = (good: boolean, text: string) => (good ? text : style.red(text));
  const error = (e: number) => verdict(e <= tolerance, t`differs from the reference by ${e.toExponential(1)} at most`);
  return [
    [t('product'), error(test.gemmError)],
    ...test.gemm.map(
      ({ size, gflops }) =>
        [
          '',
          verdict(
            gflops > 0,
            gflops > 0 ? t`${compactRate(gflops)} GFLOP/s at ${size} × ${size}` : t`wrong at ${size} × ${size}`,
          ),
        ] as const,
    ),
    [t('LSTM'), error(test.lstmError)],
    [
      '',
      verdict(
        test.learned,
        test.learned
          ? t`trains on ${compact(test.trainCharactersPerSecond)} characters/s (${test.size.hidden} units, batch ${test.size.streams}, windows of ${test.size.windowLength})`
          : t('does not learn'),
      ),
    ],
    ['', t`samples ${compact(test.sampleCharactersPerSecond)} characters/s`],
  ];
}

const compactRate = (gflops: number) => (gflops < 10 ? gflops.toFixed(1) : String(Math.round(gflops)));

// The runner's side of the protocol of lib/serve.mjs: one running contender.

import { spawn } from 'node:child_process';
import readline from 'node:readline';

export class Contender {
  #child;
  #lines;
  #errors = '';

  constructor(definition, work, { python }) {
    this.id = definition.id;
    this.label = definition.label;
    const [program, ...args] = definition.command;
    const description = JSON.stringify({ ...work, ...definition.extra });
    this.#child = spawn(program === 'python' ? python : program, [...args, description], {
      env: { ...process.env, ...definition.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.on('error', (error) => {
      this.#errors += error.message;
    });
    this.#child.stdin.on('error', () => {}); // it has ended: #next says why
    this.#child.stderr.on('data', (chunk) => {
      this.#errors += chunk;
    });
    this.#lines = readline.createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** { checks, setupMs, firstMs }, once it has built its model and taken its first steps. */
  ready() {
    return this.#next();
  }

  /** { samples, outcome }: one round of steps. */
  round(seconds) {
    this.#child.stdin.write(`${JSON.stringify({ seconds })}\n`);
    return this.#next();
  }

  /** { peakRss }; the process ends. */
  async end() {
    this.#child.stdin.write(`${JSON.stringify({ end: true })}\n`);
    return this.#next();
  }

  stop() {
    this.#child.kill('SIGKILL');
  }

  async #next() {
    while (true) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(lastWords(this.#errors));
      // Libraries greet on standard output: only our own lines are JSON objects.
      if (value.startsWith('{')) return JSON.parse(value);
    }
  }
}

/** The line of a stack trace that says what happened. */
function lastWords(errors) {
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /\b\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'ended without a word')
    .trim()
    .slice(0, 200);
}

/** Milliseconds from start to end of a process. */
export function wallTime(command, environment) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let errors = '';
    const child = spawn(command[0], command.slice(1), {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(performance.now() - started);
      else reject(new Error(lastWords(errors)));
    });
  });
}

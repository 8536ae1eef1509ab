// The time that a run still takes, from what it took until now: steps and validations apart, because the next validation may be the first.

/** Where the validations of a run are. */
export interface Schedule {
  readonly steps: number;
  readonly evalEvery: number;
}

/** Validations after `step`, that of the last step included. */
export function validationsLeft({ steps, evalEvery }: Schedule, step: number): number {
  if (step >= steps) return 0;
  const done = (n: number) => (evalEvery > 0 ? Math.floor(n / evalEvery) : 0);
  return done(steps - 1) - done(step) + 1;
}

/** Is told of every step and of every validation, and says how long the rest takes. */
export class TimeLeft {
  readonly #schedule: Schedule;
  readonly #steps = new Mean();
  readonly #validations = new Mean();
  #last: number | null = null;
  #validated = false;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** A step has ended. What is between two steps is the time of the second, or of the validation that was there. The first warms up. */
  step(now: number): void {
    if (this.#last !== null) {
      const took = now - this.#last;
      if (this.#validated) this.#validations.add(Math.max(0, took - this.#steps.value));
      else this.#steps.add(took);
    }
    this.#last = now;
    this.#validated = false;
  }

  /** A validation has ended. */
  validation(): void {
    this.#validated = true;
  }

  /** Milliseconds from `step` to the end of the run. */
  after(step: number): number {
    const { steps } = this.#schedule;
    return this.#steps.value * (steps - step) + this.#validations.value * validationsLeft(this.#schedule, step);
  }
}

class Mean {
  value = 0;
  #count = 0;

  add(x: number): void {
    this.value += (x - this.value) / ++this.#count;
  }
}

// A page that is not looked at: a hidden tab, whose timers the browser slows, and a computer that sleeps, in which nothing runs. What happened meanwhile is
// told when someone looks again.

export type AwayNotice =
  | { readonly kind: 'slept'; readonly seconds: number; readonly step: number }
  | { readonly kind: 'was-hidden'; readonly steps: number; readonly step: number };

const [longHidden, longGap] = [30_000, 90_000]; // ms; timers of a hidden tab come once a minute

export class Away {
  readonly #now: () => number;
  #hidden: { readonly since: number; readonly step: number } | null = null;
  #last: number;

  constructor(now: () => number = () => Date.now()) {
    this.#now = now;
    this.#last = now();
  }

  /** To be called every few seconds. A gap that no slowed timer explains is a sleep. */
  tick(step: number | null): AwayNotice | null {
    const gap = this.#now() - this.#last;
    this.#last = this.#now();
    return step !== null && gap > longGap ? { kind: 'slept', seconds: gap / 1000, step } : null;
  }

  hide(step: number | null): void {
    this.#hidden = step === null ? null : { since: this.#now(), step };
  }

  show(step: number | null): AwayNotice | null {
    const hidden = this.#hidden;
    this.#hidden = null;
    if (!hidden || step === null || this.#now() - hidden.since < longHidden) return null;
    return { kind: 'was-hidden', steps: step - hidden.step, step };
  }
}

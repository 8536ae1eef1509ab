// What a page was told and has not shown yet, and in which portions it shows it: a frame has the new steps and one kind of figure besides, so that none
// has to draw all of them.

import { type Delta, emptyDelta } from './history.ts';

const figures = ['looks', 'slopes', 'samples'] as const;
const kinds = ['steps', 'validations', 'skipped', ...figures] as const;

export class Portions {
  #waiting = emptyDelta();
  #turn = 0;

  /** Puts what was told behind what waits. */
  add(delta: Delta): void {
    for (const kind of kinds) for (const one of delta[kind]) (this.#waiting[kind] as unknown[]).push(one);
  }

  /** Takes what is shown next. */
  next(): Delta {
    const shown = this.#waiting;
    this.#waiting = emptyDelta();
    const inTurn = [...figures.slice(this.#turn), ...figures.slice(0, this.#turn)];
    const [figure, ...later] = inTurn.filter((kind) => shown[kind].length > 0);
    if (figure) this.#turn = figures.indexOf(figure) + 1;
    for (const kind of later) (this.#waiting[kind] as unknown[]) = shown[kind].splice(0);
    return shown;
  }

  get empty(): boolean {
    return kinds.every((kind) => this.#waiting[kind].length === 0);
  }

  clear(): void {
    this.#waiting = emptyDelta();
  }
}

// What is being computed that takes longer than a moment: one thing is named at a time.

import { signal } from '@preact/signals';

export class UnderWay<Name extends string> {
  readonly name = signal<Name | null>(null);

  /** Names what is computed until it is there. What begins meanwhile takes its place, and stays named until its own end. */
  async during<R>(name: Name, computed: Promise<R>): Promise<R> {
    this.name.value = name;
    try {
      return await computed;
    } finally {
      if (this.name.peek() === name) this.name.value = null;
    }
  }
}

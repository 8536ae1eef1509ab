// Counts tests for tools/test.mjs, and says why the skipped ones were skipped: `ctx.skip('why')` in a test gives the reason.

import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    const reasons = new Map<string, string[]>();
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed++; // the file itself could not be loaded
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state !== 'skipped') {
          counts[result.state === 'passed' ? 'passed' : 'failed']++;
          continue;
        }
        counts.skipped++;
        const why = result.note ?? 'no reason given';
        reasons.set(why, [...(reasons.get(why) ?? []), test.fullName]);
      }
    }
    for (const [why, names] of reasons) {
      const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
      console.log(`skipped: ${names[0]}${more}: ${why}`);
    }
    if (process.env.UNROLLED_TEST_COUNTS) writeFileSync(process.env.UNROLLED_TEST_COUNTS, JSON.stringify(counts));
  }
}

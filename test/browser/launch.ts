// Chromium for tests, without what it does for a person at a screen: its own pages and a process in reserve take as much of a processor, in every
// profile, as many a page that is tested.

import { type Browser, chromium } from 'playwright-core';
import { executable } from './executable.ts';

/** The last list that is given is the one that counts: the first lines are those of Playwright's that a test may meet. */
const features = [
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'OptimizationHints',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  // What its address bar shows, two pages a window; and the process that the next page would find ready.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'SpareRendererForSitePerProcess',
];

export const withoutExtras = ['--disable-gpu', `--disable-features=${features.join()}`];

/** A browser for pages of this machine. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox', ...withoutExtras, ...args] });
}

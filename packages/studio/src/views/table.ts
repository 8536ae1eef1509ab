// The views, one line each: their names in the address and in the navigation. All but the first are loaded when they are looked at.

import type { ComponentType } from 'preact';
import { lazy } from '../ui/lazy.tsx';
import { common } from '../words/common.ts';
import { Train } from './train/view.tsx';

export interface View {
  readonly name: 'train' | 'inside' | 'attention' | 'lessons';
  readonly title: () => string;
  readonly Content: ComponentType;
}

const titled = (name: View['name'], Content: ComponentType): View => ({
  name,
  title: () => common.value.views[name],
  Content,
});

export const views: readonly View[] = [
  titled('train', Train),
  titled(
    'inside',
    lazy(async () => (await import('./inside/view.tsx')).Inside),
  ),
  titled(
    'attention',
    lazy(async () => (await import('./attention/view.tsx')).Attention),
  ),
  titled(
    'lessons',
    lazy(async () => (await import('./lessons/view.tsx')).Lessons),
  ),
];

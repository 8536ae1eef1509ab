// The views, one line each: their names in the address and in the navigation.

import type { ComponentType } from 'preact';
import { words as inside } from './inside/words.ts';
import { Inside } from './inside/view.tsx';
import { words as train } from './train/words.ts';
import { Train } from './train/view.tsx';

export interface View {
  readonly name: string;
  readonly title: () => string;
  readonly Content: ComponentType;
}

export const views: readonly View[] = [
  { name: 'train', title: () => train.value.title, Content: Train },
  { name: 'inside', title: () => inside.value.title, Content: Inside },
];

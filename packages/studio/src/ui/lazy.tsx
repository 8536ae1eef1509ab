// A view, or a card, that is loaded when it is first looked at.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { common } from '../words/common.ts';

/** The component that `load` gives; until it is there, a line that says so, in a box of the class `box` where the component has its size from it. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, box?: string): ComponentType<P> {
  const loaded = signal<{ readonly View: ComponentType<P> } | null>(null);
  const failed = signal(false);
  let asked = false;
  return (props: P) => {
    if (loaded.value) {
      const { View } = loaded.value;
      return <View {...props} />;
    }
    if (!asked) {
      asked = true;
      load().then(
        (View) => {
          loaded.value = { View };
        },
        () => {
          [asked, failed.value] = [false, true];
        },
      );
    }
    return (
      <div class={box}>
        <p class="say" role="status">
          {failed.value ? common.value.viewFailed : common.value.viewLoading}
        </p>
      </div>
    );
  };
}

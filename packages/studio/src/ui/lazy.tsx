// A view that is loaded when it is first looked at.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { common } from '../words/common.ts';

/** The component that `load` gives; until it is there, a line that says so. */
export function lazy(load: () => Promise<ComponentType>): ComponentType {
  const loaded = signal<{ readonly View: ComponentType } | null>(null);
  const failed = signal(false);
  let asked = false;
  return () => {
    if (loaded.value) {
      const { View } = loaded.value;
      return <View />;
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
      <p class="say" role="status">
        {failed.value ? common.value.viewFailed : common.value.viewLoading}
      </p>
    );
  };
}

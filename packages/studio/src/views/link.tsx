// A link to another state of the page: followed without loading, and opened in another tab as any link.

import type { ComponentChildren } from 'preact';
import { hashWith, navigate } from '../state/address.ts';

interface LinkProps {
  /** What it changes of the address; null removes a parameter. */
  readonly to: Readonly<Record<string, string | null>>;
  readonly current?: 'page' | 'true';
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** See the top of this file. */
export function Link({ to, current, class: name, children }: LinkProps) {
  return (
    <a
      href={hashWith(to)}
      class={name}
      aria-current={current}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
}

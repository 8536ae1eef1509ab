// A thread of the pool in a page whose policy allows no worker from a blob: a file of the page's own origin. It has one instance on the shared memory, a
// stack of its own, and stays in serve() for good.

interface Orders {
  readonly module: object;
  readonly memory: object;
  readonly stack: number;
}

const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: Orders }) => void;
  readonly WebAssembly: {
    readonly Instance: new (
      module: object,
      imports: object,
    ) => { exports: Record<string, (...args: number[]) => void> };
  };
};

scope.onmessage = ({ data: { module, memory, stack } }) => {
  const { exports } = new scope.WebAssembly.Instance(module, { env: { memory } });
  exports.set_stack(stack);
  exports.serve();
};

export {};

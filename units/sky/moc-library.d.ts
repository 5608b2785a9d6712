/** The part of the WebAssembly API that is used: Node's types have none without those of a browser. */
declare namespace WebAssembly {
  type Exports = Readonly<Record<string, unknown>> & { readonly __wbindgen_start: () => void };
  const Module: new (bytes: Uint8Array) => object;
  const Instance: new (
    module: object,
    imports: Readonly<Record<string, object>>,
  ) => {
    readonly exports: Exports;
  };
}

declare module '@fxpineau/moc-wasm/moc_bg.js' {
  export * from '@fxpineau/moc-wasm';
  export function __wbg_set_wasm(wasm: WebAssembly.Exports): void;
}

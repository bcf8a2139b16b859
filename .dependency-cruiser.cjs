/**
 * The layer law. A folder's name is its runtime and its rank; each rule's comment says why.
 * The tsconfigs hold the same arrows a second time through their libraries.
 */
const lower = 'engine|models|documents|retrieval|library';

module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one thought in two places.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shared-imports-nothing',
      comment: 'shared runs in every process, so it may lean on no runtime, no library and no other layer.',
      severity: 'error',
      from: { path: '^src/shared' },
      to: { pathNot: '^src/shared' },
    },
    {
      name: 'lower-layers-stand-alone',
      comment:
        'engine, models, documents, retrieval and library know shared and Node, not each other: the layers above compose them.',
      severity: 'error',
      from: { path: `^src/(${lower})/` },
      to: { path: '^src/', pathNot: ['^src/$1/', '^src/shared/'] },
    },
    {
      name: 'asking-composes-without-a-window',
      comment: 'The ask pipeline serves app and command line, so it knows the lower layers and no window.',
      severity: 'error',
      from: { path: '^src/asking/' },
      to: { path: '^src/(main|host|cli|preload|renderer|frame)/' },
    },
    {
      name: 'web-sees-only-the-contract',
      comment: 'What runs in a window is not trusted: it reaches the rest through the contract in shared.',
      severity: 'error',
      from: { path: '^src/(preload|renderer|frame)/' },
      to: { path: `^src/(${lower}|asking|main|host|cli)/` },
    },
    {
      name: 'frame-and-renderer-are-apart',
      comment:
        'The book frame holds hostile files in a process of its own; only messages go between it and the window.',
      severity: 'error',
      from: { path: '^src/frame/' },
      to: { path: '^src/(renderer|preload)/' },
    },
    {
      name: 'electron-only-in-main-and-preload',
      comment: 'Everything below must run in a terminal and on the Chromium host.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|preload|host)/' },
      to: { path: '^electron$|node_modules/electron/' },
    },
    {
      name: 'ipc-in-one-place',
      comment: 'Only src/main/ipc speaks to the window, so sender and input checks cannot be forgotten.',
      severity: 'error',
      from: { path: '^src/(library|retrieval|models|engine|documents|asking)/' },
      to: { path: '^src/main/ipc/' },
    },
    {
      name: 'one-runtime-door',
      comment: 'ONNX Runtime is known to one file, so that everything above can be given a fake session.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/runtime/ort\\.ts$' },
      to: { path: 'onnxruntime' },
    },
    {
      name: 'browser-driver-only-in-tests',
      comment: 'The product drives a browser over its own DevTools pipe: see docs/adr/0060-devtools-pipe.md.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'playwright-core' },
    },
    {
      name: 'no-test-code-in-product',
      comment: 'Tests may reach in; the product may not reach out.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|eval|scripts)/' },
    },
    {
      name: 'no-missing-package',
      comment: 'What is imported must be declared.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg', 'npm-unknown'],
        pathNot: '^pdfjs-dist/types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.web.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};

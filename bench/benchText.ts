import { readFileSync } from 'node:fs';

/** Text of the project itself: prose, tables and code, there in every clone. */
const files = [
  'resources/welcome.md',
  'README.md',
  'CONTRIBUTING.md',
  'docs/architecture.md',
  'src/engine/graph/attention.ts',
  'src/engine/decode/decoderSequence.ts',
];

/** @param path another text to take in place of the project's own */
export const benchText = (path?: string): string =>
  path
    ? readFileSync(path, 'utf8')
    : files.map((file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).join('\n\n');

import { execFileSync } from 'node:child_process';
import type { Tokenizer } from '../src/engine/tokenizer/index.ts';

/** Token ids of the chapters of an EPUB, tags stripped. */
export function bookTokens(path: string, tokenizer: Tokenizer): Promise<readonly number[]> {
  const number = (name: string): number => Number(/chapter-(\d+)/.exec(name)?.[1]);
  const text = execFileSync('unzip', ['-Z1', path])
    .toString()
    .split('\n')
    .filter((name) => /text\/chapter.*xhtml$/.test(name))
    .sort((a, b) => number(a) - number(b))
    .map((name) =>
      execFileSync('unzip', ['-p', path, name])
        .toString()
        .replace(/<head[\s\S]*?<\/head>/, '')
        .replace(/<[^>]+>/g, '')
        .replace(/[ \t]*\n\s*/g, '\n')
        .replace(/&amp;/g, '&')
        .trim(),
    )
    .join('\n\n');
  return Promise.resolve(tokenizer.encode(text, 'plain'));
}

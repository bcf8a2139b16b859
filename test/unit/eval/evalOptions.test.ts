import { describe, expect, it } from 'vitest';
import { partArguments, readEvalOptions } from '../../../eval/evalOptions.ts';

describe('the options of eval', () => {
  it('reach each of several processes, which measures its own texts and publishes nothing', () => {
    const options = readEvalOptions([
      ...['--quick', '--model', 'default', '--task', 'prose', '--task', 'copy', '--policy', 'pod'],
      ...['--plan', 'mine=plan.json', '--book', 'novel.epub', '--out', 'folder', '--document', 'prose-0', '--publish'],
    ]);
    expect(readEvalOptions(partArguments(options, ['copy-0', 'copy-1'], 3))).toEqual({
      ...options,
      documents: ['copy-0', 'copy-1'],
      processes: 3,
      isPart: true,
      isPublished: false,
    });
  });

  it('ask for all tasks, texts and rows of the novel that is reported of where nothing is said', () => {
    const options = readEvalOptions(['--books', 'novels']);
    expect(options).toMatchObject({ budget: 'whole', model: 'quick', documents: undefined, policies: undefined });
    expect(options.tasks).toContain('needle');
    expect(options.book.path).toMatch(/^novels[/\\]pride-and-prejudice\.epub$/u);
  });

  it.each([
    [['--task', 'poem'], '--task is one of prose, copy, needle'],
    [['--processes', '0'], '--processes is a whole number from 1 on, not 0'],
    [['--publish', '--book', 'tuning'], '--publish takes another book than moby-dick.epub'],
  ])('are refused with what can be: %s', (args, words) => {
    expect(() => readEvalOptions(args)).toThrow(words);
  });
});

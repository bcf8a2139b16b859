import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makePlan } from '#engine/cache/index.ts';
import { type EvalResult, ResultStore } from '../../../eval/reporting/resultStore.ts';
import { resultKey } from '../../../eval/running/evalRun.ts';
import type { QuestionUnit } from '../../../eval/running/evalUnits.ts';
import { tinyModel } from '../../fixtures/tinyGguf.ts';

const folder = mkdtempSync(join(tmpdir(), 'proxima-eval-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const result = (key: string): EvalResult => ({
  key,
  date: '2026-11-28',
  model: 'quick',
  row: 'pod',
  plan: 'pod-1',
  task: 'needle',
  document: '2048-0',
  contextTokens: 2048,
  cacheBytes: 1,
  snapshotBytes: 0,
  denseFp16Bytes: 2,
  milliseconds: 3,
  items: [{ group: 'needle', depth: 0.5, values: { lossNats: 0.25 } }],
});

describe('the store of results', () => {
  it('finds again what an earlier run measured', () => {
    const path = join(folder, 'deep', 'results.jsonl');
    const store = new ResultStore(path);
    store.add(result('a'));
    store.add(result('b'));
    expect(store.get('a')).toEqual(result('a'));
    const again = new ResultStore(path);
    expect(again.get('b')).toEqual(result('b'));
    expect(again.get('c')).toBeUndefined();
  });

  it('passes over a line that was cut, and writes on behind it', () => {
    const path = join(folder, 'cut.jsonl');
    writeFileSync(path, `${JSON.stringify(result('a'))}\n`);
    appendFileSync(path, JSON.stringify(result('b')).slice(0, 40));
    const store = new ResultStore(path);
    expect(store.get('a')).toBeDefined();
    expect(store.get('b')).toBeUndefined();
    store.add(result('b'));
    expect(new ResultStore(path).get('b')).toEqual(result('b'));
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
  });
});

describe('the key of a result', () => {
  const model = tinyModel();
  const plan = makePlan('pod', model);
  const unit = { digest: 'd' } as QuestionUnit;

  it('is another one for another text, model or plan, and the same for the same', () => {
    const key = resultKey('m', plan, unit);
    expect(resultKey('m', makePlan('pod', model), { ...unit })).toBe(key);
    const others = [
      resultKey('n', plan, unit),
      resultKey('m', makePlan('pod', model, { windowTokens: 64 }), unit),
      resultKey('m', plan, { ...unit, digest: 'e' }),
    ];
    expect(new Set([key, ...others]).size).toBe(4);
  });
});

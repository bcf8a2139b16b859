import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { usageOf } from '../../../src/renderer/features/ask/turn.ts';
import { UsageLine } from '../../../src/renderer/features/ask/UsageLine.tsx';
import { LoadedModelFacts } from '../../../src/renderer/features/models/LoadedModelFacts.tsx';
import type { AnswerEvent } from '../../../src/shared/domain/index.ts';
import { sampleModel } from '../../fakes/sampleBook.ts';

type Finished = Extract<AnswerEvent, { type: 'finished' }>;
const adapter = { sha256: 'ab'.repeat(32) };

it('are told of on the card of the model', () => {
  expect(renderToStaticMarkup(<LoadedModelFacts model={sampleModel} />)).not.toContain('adapted');
  expect(renderToStaticMarkup(<LoadedModelFacts model={{ ...sampleModel, adapter }} />)).toContain(
    'of their distant keys, with weights adapted to it',
  );
});

it('are told of under an answer', () => {
  const numbers = { promptTokens: 100, reusedTokens: 0, newTokens: 5, prefillMs: 900, decodeMs: 200 };
  const finished = { ...numbers, cacheBytes: 1, denseFp16Bytes: 2, policy: 'pod', device: 'cpu', cache: {} };
  const lineOf = (cache: object): string =>
    renderToStaticMarkup(<UsageLine usage={usageOf({ ...finished, cache } as Finished)} />);
  expect(lineOf({})).toContain('on cpu, policy pod.');
  expect(lineOf({ adapter })).toContain('on cpu, policy pod, adapted weights.');
});

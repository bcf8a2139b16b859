import { afterEach, describe, expect, test } from 'vitest';
import { chatId, leafIndex, sectionIndex } from '#shared/domain/index.ts';
import type { MemoryChapter } from '../../fakes/memoryDocuments.ts';
import { scriptedModel } from '../../fakes/scriptedEngine.ts';
import { type AskingBench, askingBench, only } from './askingBench.ts';

const COLLINS = 'Mr. Collins was a tall, heavy looking young man of five and twenty.';
const filler = (topic: string): string =>
  `The ${topic} went on all day, and nobody thought it strange that it should. `.repeat(60);

const chapters: readonly MemoryChapter[] = [
  { title: 'I', text: `The sea was calm. ${filler('voyage')}` },
  { title: 'II', text: `${filler('dinner')}\n\n${COLLINS} His air was grave and stately.` },
  { title: 'III', text: `Lady Catherine lived at Rosings Park. ${filler('visit')}` },
];
const short: readonly MemoryChapter[] = [{ title: 'I', text: `${COLLINS} Lady Catherine lived at Rosings Park.` }];

/** As `unknown`, so that it fits any property. */
const containing = (text: string): unknown => expect.stringContaining(text);

let bench: AskingBench;
afterEach(() => bench.dispose());

describe('a question', () => {
  test('is answered in one numbered stream that ends once', async () => {
    bench = await askingBench(short, 'Mr. Collins is a heavy looking young man.');
    const events = await bench.ask('Who is Mr. Collins?');
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, place) => place));
    expect(events[0]?.type).toBe('started');
    expect(events.filter(({ type }) => ['finished', 'failed', 'cancelled'].includes(type))).toHaveLength(1);
    expect(only(events, 'finished')).toMatchObject({
      text: 'Mr. Collins is a heavy looking young man.',
      notFound: false,
      unsupportedWords: [],
      cacheBytes: 100,
      denseFp16Bytes: 150,
    });
  });

  test('tells on which device it is answered and why, and when the device fails meanwhile', async () => {
    bench = await askingBench(short, 'Mr. Collins is tall.');
    const why = { device: 'cpu', deviceReason: 'It is a test.' };
    const events = await bench.ask('Who is Mr. Collins?');
    for (const type of ['started', 'finished'] as const) expect(only(events, type)).toMatchObject(why);

    const statement = 'The processor goes on.';
    bench.engine.beforeAnswer = (_, report) => report({ type: 'deviceFailed', device: 'cpu', statement });
    const model = { ...scriptedModel, device: 'webgpu', deviceReason: 'It was asked for.' };
    const moved = await bench.ask('Who is Mr. Collins?', { model });
    expect(only(moved, 'started')).toMatchObject({ device: 'webgpu', deviceReason: 'It was asked for.' });
    expect(only(moved, 'deviceFailed')).toMatchObject({ device: 'cpu', statement });
    expect(only(moved, 'finished')).toMatchObject({ ...why, text: 'Mr. Collins is tall.' });
  });

  test('reads a text that fits whole, and says so', async () => {
    bench = await askingBench(short);
    const started = only(await bench.ask('Who is Mr. Collins?'), 'started');
    expect(started).toMatchObject({ reading: 'all', sections: [{ title: 'I', whole: true }] });
    expect(started.statement).toMatch(/^Read the text whole: \d+ tokens\.$/);
  });

  test('of a long book reads what search picks, and names it and the rest', async () => {
    bench = await askingBench(chapters);
    const started = only(await bench.ask('Who is Mr. Collins?'), 'started');
    expect(started.reading).toBe('picked');
    expect(started.sections.map(({ title }) => title)).toContain('II');
    expect(started.statement).toContain('of 3 chapters');
    expect(started.statement).toContain('searching for “Collins”');
    expect(started.statement).toContain('The rest was not read: a brief reading takes 1,000 tokens.');
    expect(bench.engine.lastPrompt).toContain(COLLINS);
    expect(bench.engine.lastPrompt).not.toContain('The sea was calm.');
  });

  test('reads all of it when the person asks for that', async () => {
    bench = await askingBench(chapters);
    expect(only(await bench.ask('Who is Mr. Collins?', { amount: 'full' }), 'started').reading).toBe('all');
  });

  test('names the context or the memory when they are what does not suffice', async () => {
    bench = await askingBench(chapters);
    bench.engine.contextTokens = 1_500;
    const byContext = only(await bench.ask('Who is Mr. Collins?', { amount: 'full' }), 'started');
    expect(byContext).toMatchObject({ reading: 'picked', statement: containing('model’s 1,500 tokens') });
    bench.engine.contextTokens = 8_192;
    bench.engine.freeMemoryBytes = 150_000;
    const byMemory = only(await bench.ask('Who is Mr. Collins?', { amount: 'full' }), 'started');
    expect(byMemory.statement).toContain('did not fit the free memory, which holds 900 tokens');
  });

  test('reads a chapter or pages whole, and nothing else', async () => {
    bench = await askingBench(chapters);
    const chapter = only(
      await bench.ask('What went on?', { scope: { kind: 'section', section: sectionIndex(2) } }),
      'started',
    );
    expect(chapter).toMatchObject({ reading: 'all', statement: containing('Read “III” whole') });
    await bench.ask('What went on?', { scope: { kind: 'leaves', first: leafIndex(0), last: leafIndex(1) } });
    expect(bench.engine.lastPrompt).toContain('The sea was calm.');
    expect(bench.engine.lastPrompt).not.toContain('Rosings');
  });

  test('reads a selection from the letter on', async () => {
    bench = await askingBench(short);
    const span = { leaf: leafIndex(0), start: 0, end: COLLINS.length };
    await bench.ask('Who is that?', { scope: { kind: 'selection', span } });
    expect(bench.engine.lastPrompt).toContain(COLLINS);
    expect(bench.engine.lastPrompt).not.toContain('Rosings');
  });

  test('without a word to search for takes beginnings from all over the book', async () => {
    bench = await askingBench(chapters);
    const started = only(await bench.ask('What is this about?'), 'started');
    expect(started.sections.map(({ title }) => title)).toEqual(['I', 'II', 'III']);
    expect(started.statement).toContain('beginnings were taken');
  });
});

describe('evidence', () => {
  test('is the sentence whose words the answer repeats, with its anchor', async () => {
    bench = await askingBench(short, 'Mr. Collins is a heavy looking young man.');
    const events = await bench.ask('Who is Mr. Collins?');
    const { evidence } = only(events, 'cited');
    expect(evidence).toMatchObject({ kind: 'quoted', label: 'I', anchor: { quote: COLLINS } });
  });

  test('is also what drew far more attention than its length explains', async () => {
    bench = await askingBench(short, 'It is in the north.');
    bench.engine.attention = (text) => (text.includes('Rosings') ? 10 : 0.1);
    const { evidence } = only(await bench.ask('Where does she live?'), 'cited');
    expect(evidence.kind).toBe('attended');
    expect(evidence.anchor.quote).toContain('Rosings');
    expect(evidence.attentionShare).toBeGreaterThan(0.9);
  });

  test('without an anchor that leads back is left out', async () => {
    bench = await askingBench(short, 'Mr. Collins is a heavy looking young man.');
    bench.documents.brokenStarts.add(0);
    expect((await bench.ask('Who is Mr. Collins?')).some(({ type }) => type === 'cited')).toBe(false);
  });
});

describe('what the text does not tell', () => {
  test('is not found when the model says so, without evidence', async () => {
    bench = await askingBench(short, 'The text does not say who commands the ship.');
    const events = await bench.ask('Who is tall at Rosings?');
    expect(only(events, 'finished').notFound).toBe(true);
    expect(events.some(({ type }) => type === 'cited')).toBe(false);
  });

  test('is named by its words, and an answer the text does not carry is called that', async () => {
    bench = await askingBench(short, 'Captain Nemo commands the submarine.');
    const finished = only(await bench.ask('Who commands the submarine?'), 'finished');
    expect(finished).toMatchObject({ notFound: true, unsupportedWords: ['Nemo'] });
    expect(finished.text).toMatch(/^“commands” and “submarine” do not occur anywhere in this text\./);
    expect(finished.text).toContain('This is not found in the text.');
  });

  test('a name the book never mentions is answered without reading', async () => {
    bench = await askingBench(short);
    const finished = only(await bench.ask('Who is Gandalf?'), 'finished');
    expect(finished).toMatchObject({ notFound: true, promptTokens: 0, cacheBytes: 0 });
    expect(finished.text).toContain('“Gandalf” does not occur');
    expect(bench.engine.requests).toEqual([]);
  });

  test('a synonym of what the text says may be answered', async () => {
    bench = await askingBench(short, 'Mr. Collins is a tall, heavy looking young man.');
    const finished = only(await bench.ask('What is the physique of Collins?'), 'finished');
    expect(finished.notFound).toBe(false);
    expect(finished.text).toContain('“physique” does not occur');
  });
});

describe('a conversation', () => {
  test('is kept in the library and carried to the next question', async () => {
    bench = await askingBench(short, 'He is a tall man.');
    const chat = chatId('c1');
    await bench.ask('Who is Mr. Collins?', { chat });
    await bench.ask('How old is he?', { chat });
    expect(bench.engine.lastPrompt).toContain('Earlier question: Who is Mr. Collins?\nAnswer: He is a tall man.');
    expect(bench.library.chats.turns(bench.book).map(({ question, state }) => [question, state])).toEqual([
      ['Who is Mr. Collins?', 'finished'],
      ['How old is he?', 'finished'],
    ]);
  });

  test('a question that says what it is about is not told of the others', async () => {
    bench = await askingBench(short, 'He is a tall man.');
    const chat = chatId('c1');
    await bench.ask('Who is Mr. Collins?', { chat });
    await bench.ask('What does Mrs. Bennet say of Collins?', { chat });
    expect(bench.engine.lastPrompt).not.toContain('Earlier question');
  });

  test('a follow-up that names nothing searches for what was asked before', async () => {
    bench = await askingBench(chapters, 'He is a tall man.');
    const chat = chatId('c1');
    await bench.ask('Who is Mr. Collins?', { chat });
    const started = only(await bench.ask('What is he like?', { chat }), 'started');
    expect(started.statement).toContain('“Collins”');
  });
});

describe('failures', () => {
  test.each([
    ['', 'input/empty'],
    ['  \n ', 'input/empty'],
  ])('the question %j', async (question, code) => {
    bench = await askingBench(short);
    expect(only(await bench.ask(question), 'failed').error).toMatchObject({ code, advice: containing('.') });
  });

  test('a text without words', async () => {
    bench = await askingBench([{ title: 'I', text: ' ' }]);
    expect(only(await bench.ask('Who?'), 'failed').error.code).toBe('document/noText');
  });

  test('pages the book does not have', async () => {
    bench = await askingBench(short);
    const scope = { kind: 'leaves', first: leafIndex(3), last: leafIndex(4) } as const;
    expect(only(await bench.ask('Who?', { scope }), 'failed').error).toMatchObject({
      code: 'input/invalid',
      advice: 'Choose pages from 1 to 1.',
    });
  });

  test('an engine that dies ends the answer and leaves the shelf alive', async () => {
    bench = await askingBench(short);
    const chat = chatId('c1');
    bench.engine.beforeAnswer = () => {
      bench.killEngine();
      return new Promise(() => undefined);
    };
    const failed = only(await bench.ask('Who is Mr. Collins?', { chat }), 'failed');
    expect(failed.error).toMatchObject({ code: 'engine/crashed', retryable: true });
    expect(bench.shelf.search(bench.book, 'collins', 5).total).toBe(1);
    expect(bench.library.chats.turns(bench.book)).toMatchObject([{ state: 'failed' }]);
  });

  test('a document service that forgot the book is shown the file again', async () => {
    bench = await askingBench(short, 'Mr. Collins is a heavy looking young man.');
    await bench.shelf.extracted(bench.book);
    bench.documents.forget();
    expect(only(await bench.ask('Who is Mr. Collins?'), 'cited').evidence.label).toBe('I');
    expect(bench.documents.opened).toBe(2);
  });
});

describe('stopping', () => {
  test.each(['before', 'while reading'])('%s ends with cancelled and nothing after it', async (when) => {
    bench = await askingBench(short);
    const stop = new AbortController();
    if (when === 'before') stop.abort();
    bench.engine.beforeAnswer = () => {
      stop.abort();
      return Promise.resolve();
    };
    const events = await bench.ask('Who is Mr. Collins?', { chat: chatId('c') }, stop.signal);
    expect(events.at(-1)?.type).toBe('cancelled');
    expect(events.some(({ type }) => type === 'finished' || type === 'failed')).toBe(false);
    expect(bench.library.chats.turns(bench.book)).toMatchObject([{ state: 'cancelled' }]);
  });

  test('while the text is still being taken from the file', async () => {
    bench = await askingBench(chapters);
    await bench.shelf.extracted(bench.book);
    bench.library.forgetText(bench.book);
    bench.documents.gate = () => new Promise(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const events = await bench.ask('Who is Mr. Collins?', {}, stop.signal);
    expect(events.map(({ type }) => type)).toEqual(['cancelled']);
  });
});

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bookTokens } from '../eval/bookTokens.ts';
import { isEvalModelName, openEvalModel } from '../eval/evalModel.ts';
import { retrievalSequences } from '../src/engine/explore/retrievalSequences.ts';
import { seededRandom } from '../src/engine/explore/seededRandom.ts';
import { ChatTemplate } from '../src/engine/tokenizer/index.ts';

/**
 * Writes what `training` reads, in the tokens of a model: a book cut into a part to train on and a part
 * to judge by, and of both parts stretches with questions and answers in the model's chat template.
 *
 * Run: node scripts/trainingTexts.ts --model quick --book FILE.epub --out FILE.json
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'quick' },
    book: { type: 'string' },
    out: { type: 'string' },
    /** Share of the book, from its end, that is not trained on. */
    held: { type: 'string', default: '0.1' },
    /** Stretches with questions, of the part to train on. */
    questions: { type: 'string', default: '160' },
    /** Tokens of text in each of them. */
    tokens: { type: 'string', default: '1200' },
    seed: { type: 'string', default: '1' },
  },
});
const name = options.model;
if (!isEvalModelName(name)) throw new Error(`--model is quick or default, not ${name}`);
if (!options.book || !options.out) throw new Error('--book and --out are needed');

const { path, gguf, model, tokenizer } = await openEvalModel(name);
const book = await bookTokens(options.book, tokenizer);
const cut = Math.floor(book.length * (1 - Number(options.held)));
const template = new ChatTemplate(tokenizer.vocabulary);
const { bosId, addBos } = tokenizer.vocabulary;

/** Texts that are asked about; `from` is where the first question begins. */
function questionsOf(ids: readonly number[], sequences: number, seed: number): object[] {
  const tokens = Number(options.tokens);
  const asked = { sequences, tokens, queries: tokens, contextTokens: model.contextTokens, random: seededRandom(seed) };
  return retrievalSequences(ids, tokenizer, template, asked).map((found) => ({
    ids: found.ids,
    from: found.queries[0]!.position,
  }));
}

const seed = Number(options.seed);
const parts = {
  train: { prose: book.slice(0, cut), questions: questionsOf(book.slice(0, cut), Number(options.questions), seed) },
  held: { prose: book.slice(cut), questions: questionsOf(book.slice(cut), 4, seed + 1) },
};
const begin = addBos && bosId !== null ? [bosId] : [];
await writeFile(options.out, JSON.stringify({ model: name, gguf: path, begin, ...parts }));
gguf.close();
console.log(
  `${options.out}: ${cut} tokens and ${parts.train.questions.length} texts with questions to train on, ${book.length - cut} and ${parts.held.questions.length} to judge by`,
);

import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { bookTokens } from '../eval/bookTokens.ts';
import { isEvalModelName, openEvalModel } from '../eval/evalModel.ts';
import { exploreModel, type SharingWish, writePlanFile } from '../src/engine/explore/index.ts';
import { progressLine } from './progressLine.ts';

/**
 * Makes an untrained plan for one of the project's models, with the settings that stand in a plan's file: what `proxima
 * explore` does for a person's model and book, for the models and the book of the project.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'quick' },
    book: { type: 'string', default: '../shared/data/books/moby-dick.epub' },
    saving: { type: 'string' },
    leaders: { type: 'string' },
    protect: { type: 'string', default: '0' },
    window: { type: 'string', default: '256' },
    sequences: { type: 'string', default: '4' },
    tokens: { type: 'string', default: '4096' },
    seed: { type: 'string', default: '1' },
    work: { type: 'string', default: 'test/output/explore' },
    out: { type: 'string' },
  },
});

const name = options.model;
const { out } = options;
if (out === undefined)
  throw new Error('--out FILE is where the plan goes; those of resources/plans may be trained ones');
if (!isEvalModelName(name)) throw new Error(`--model is quick or default, not ${name}`);
const { gguf, model, tokenizer } = await openEvalModel(name);
const { wish, words } = wishOf(options);
const steps = { reading: 'reading', fitting: 'fitting pairs of layers', comparing: 'comparing heads' };
let [step, line] = ['', progressLine('')];
const document = await exploreModel(
  {
    gguf,
    model,
    tokenizer,
    texts: [{ title: basename(options.book), ids: await bookTokens(options.book, tokenizer) }],
  },
  {
    wish,
    windowTokens: Number(options.window),
    sequences: Number(options.sequences),
    tokens: Number(options.tokens),
    seed: Number(options.seed),
    workFolder: options.work,
    command: `node scripts/makePlan.ts --model ${name} ${words} --window ${options.window} --sequences ${options.sequences} --tokens ${options.tokens} --seed ${options.seed}`,
    onProgress: (progress) => {
      if (progress.step !== step) [step, line] = [progress.step, progressLine(steps[progress.step])];
      void line(progress.done, progress.total);
    },
  },
);
gguf.close();
await writePlanFile(out, document);
console.log(`${out}: ${document.plan.id} ${JSON.stringify(document.made.figures)}`);

/** A saving, or half of the layers as leaders when nothing is said; and the options that say so. */
function wishOf({ saving, leaders, protect }: typeof options): { readonly wish: SharingWish; readonly words: string } {
  if (saving !== undefined) return { wish: { saving: Number(saving) }, words: `--saving ${saving}` };
  const count = Number(leaders ?? Math.ceil(model.layers / 2));
  return {
    wish: { leaders: count, protectedHeads: Number(protect) },
    words: `--leaders ${count} --protect ${protect}`,
  };
}

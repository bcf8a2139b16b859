import type { Decoder } from '../../src/engine/decode/decoder.ts';
import type { Sequence, StepResult } from '../../src/engine/decode/sequence.ts';
import { snapshotMarks } from '../../src/engine/decode/snapshotMarks.ts';
import { TextMemory } from '../../src/engine/textMemory.ts';

/** A prompt that was read. */
export interface ReadPrompt {
  readonly sequence: Sequence;
  /** After its last token, with the logits of all tokens exact. */
  readonly step: StepResult;
}

/** Reads prompts with one decoder; what a prompt shares with the one before is not read again. */
export class TextReader {
  readonly decoder: Decoder;
  readonly #memory: TextMemory;

  constructor(decoder: Decoder) {
    this.decoder = decoder;
    this.#memory = new TextMemory(decoder.plan, null);
  }

  /**
   * @param ids the prompt, two tokens or more
   * @param textEnd where the part ends that other prompts will share
   */
  async read(ids: readonly number[], textEnd: number, signal?: AbortSignal): Promise<ReadPrompt> {
    const marks = snapshotMarks(this.decoder.plan, [textEnd], ids.length);
    const { cache, reusedTokens } = await this.#memory.open(ids, marks);
    const sequence = this.decoder.startSequence(cache);
    return { sequence, step: await readOn(sequence, ids.slice(reusedTokens), signal, () => this.#memory.chunkRead()) };
  }
}

/** Reads tokens on; the last of them alone, so that only its logits are computed for all tokens. */
export async function readOn(
  sequence: Sequence,
  ids: readonly number[],
  signal?: AbortSignal,
  onChunk?: () => void,
): Promise<StepResult> {
  if (ids.length > 1) await sequence.prefill(ids.slice(0, -1), { signal, onChunk });
  return sequence.prefill(ids.slice(-1), { signal, onChunk, allLogits: true });
}

import { seededRandom } from '#engine/explore/seededRandom.ts';

const SYLLABLES = ['ka', 'lo', 'mi', 'tu', 're', 'sa', 'no', 'vi'];

/** Made-up prose: each sentence has a word of its own, that stands nowhere else. */
export function calibrationProse(sentences: number, seed = 1): string {
  const random = seededRandom(seed);
  const name = (index: number): string =>
    Array.from({ length: 5 }, (_, digit) => SYLLABLES[Math.floor(index / 8 ** digit) % 8]).join('');
  return Array.from({ length: sentences }, (_, index) => {
    const words = Array.from(
      { length: 8 },
      () => ['the', 'sea', 'ship', 'and', 'in', 'sand', 'out', 'tea'][Math.floor(random() * 8)],
    );
    return `In the ${name(index)} ${words.join(' ')} they sang.`;
  }).join(' ');
}

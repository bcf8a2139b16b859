import type { LossOverDense, ModelFidelity } from '#shared/domain/index.ts';
import { sampleModel } from './sampleBook.ts';

const loss = (nats: number, low: number, high: number): LossOverDense => ({ nats, low, high, items: 16 });
const text = { day: '2026-11-28', textTokens: 4_096 };

/** Made-up figures of the sample model under the plans it runs. */
export const sampleFidelity: ModelFidelity = {
  model: { name: 'default', fingerprint: sampleModel.fingerprint },
  points: [
    {
      ...text,
      policy: 'pod+select',
      planId: 'pod+select-1',
      cacheShare: 0.503,
      loss: {
        read: loss(0.005, 0.001, 0.009),
        written: loss(0.021, 0.011, 0.032),
        copied: loss(0.004, -0.01, 0.019),
        copyTextTokens: 6_000,
      },
    },
    {
      ...text,
      policy: 'pod',
      planId: 'pod-1',
      cacheShare: 0.71,
      loss: {
        read: loss(0.001, -0.004, 0.006),
        written: loss(-0.002, -0.011, 0.007),
        copied: loss(0.002, -0.02, 0.03),
        copyTextTokens: 6_000,
      },
    },
    {
      ...text,
      policy: 'pod+int4',
      planId: 'pod+int4-1',
      cacheShare: 0.364,
      loss: {
        read: loss(0.018, 0.012, 0.024),
        written: loss(0.062, 0.041, 0.083),
        copied: loss(0.12, 0.05, 0.2),
        copyTextTokens: 6_000,
      },
    },
    { ...text, policy: 'dense', planId: 'dense', cacheShare: 2.003 },
  ],
};

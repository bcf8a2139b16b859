import { z } from 'zod';

/** Where a window stood when it was last closed, in device-independent pixels. */
export const windowStateSchema = z.object({
  bounds: z.object({
    x: z.int().min(-100_000).max(100_000),
    y: z.int().min(-100_000).max(100_000),
    width: z.int().min(640).max(20_000),
    height: z.int().min(480).max(20_000),
  }),
  maximised: z.boolean(),
});

/** Of the first window, which the system places. */
export const firstWindowState = { bounds: { width: 1280, height: 860 }, maximised: false } as const;

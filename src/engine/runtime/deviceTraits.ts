import type { Device } from '#shared/contract/index.ts';
import { hasVulkanDriver } from './vulkanDrivers.ts';

/** What sets one device apart from another, but for its operators (`graph/operators`). */
export interface DeviceTraits {
  /** What the runtime calls the execution provider behind it. */
  readonly provider: 'cpu' | 'cuda' | 'dml' | 'coreml' | 'webgpu';
  /** Whether rows stay in its buffers from one run to the next; else the host feeds them each time. */
  readonly keepsRows: boolean;
  /** What the provider lacks for every graph of ours, as the end of a sentence. @default nothing */
  readonly lacks?: string;
  /** Why there can be no driver for it here, as the end of a sentence; null where it may be tried. */
  readonly missingDriver?: () => string | null;
}

export const deviceTraits: Readonly<Record<Device, DeviceTraits>> = {
  cpu: { provider: 'cpu', keepsRows: false },
  cuda: { provider: 'cuda', keepsRows: false },
  directml: { provider: 'dml', keepsRows: false },
  // onnxruntime-node 1.30 has no builder for MatMulNBits, RotaryEmbedding or DequantizeLinear there.
  coreml: { provider: 'coreml', keepsRows: false, lacks: 'no kernels for packed weights' },
  webgpu: {
    provider: 'webgpu',
    keepsRows: true,
    missingDriver: () =>
      process.platform !== 'linux' || hasVulkanDriver() ? null : 'no graphics driver (Vulkan) is installed',
  },
};

/** Where the decoder can compute; those behind the processor in the order in which they are tried. */
export const devices = ['cpu', 'cuda', 'directml', 'coreml', 'webgpu'] as const;

export type Device = (typeof devices)[number];

/** What a device is called before people. */
export const deviceTitles: Readonly<Record<Device, string>> = {
  cpu: 'Processor',
  cuda: 'CUDA',
  directml: 'DirectML',
  coreml: 'CoreML',
  webgpu: 'WebGPU',
};

/** What a person may ask for. `auto` takes the device that a short trial finds right and fastest. */
export const deviceNames = ['auto', ...devices] as const;

export type DeviceName = (typeof deviceNames)[number];

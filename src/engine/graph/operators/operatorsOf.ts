import type { Device } from '#shared/contract/index.ts';
import type { GraphBuilder } from '../graphBuilder.ts';
import { cpuOperators } from './cpuOperators.ts';
import { nativeGpuOperators } from './nativeGpuOperators.ts';
import type { OperatorSet } from './operatorSet.ts';
import { webgpuOperators } from './webgpuOperators.ts';

/** What each device computes with: the only place where graphs of two devices part. */
const operatorSets: Readonly<Record<Device, OperatorSet>> = {
  cpu: cpuOperators,
  cuda: nativeGpuOperators,
  directml: nativeGpuOperators,
  coreml: webgpuOperators,
  webgpu: webgpuOperators,
};

/** The operators of the device a graph is made for. */
export const operatorsOf = ({ device }: Pick<GraphBuilder, 'device'>): OperatorSet => operatorSets[device];

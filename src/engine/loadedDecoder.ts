import type { LoadProgress, LoadRequest } from '#shared/contract/index.ts';
import type { LoadedModel } from '#shared/domain/index.ts';
import { distantKeysDropped } from './cache/distantKeysDropped.ts';
import { choosePlan, chosenPlanIds } from './choosePlan.ts';
import { createDecoder, type Decoder } from './decode/decoder.ts';
import { type GgufFile, openGguf, sampledModelDigest } from './gguf/index.ts';
import { describeModel } from './model/index.ts';
import { openCacheFolder } from './openCacheFolder.ts';
import { chooseDevice, type DeviceChoiceOptions } from './runtime/chooseDevice.ts';
import { TextMemory } from './textMemory.ts';
import { ChatTemplate, Tokenizer } from './tokenizer/index.ts';

/** A model with all it takes to chat with it. */
export interface LoadedDecoder {
  readonly gguf: GgufFile;
  readonly decoder: Decoder;
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  readonly memory: TextMemory;
  /** The model as it was loaded; `device` and `deviceReason` tell where it runs now. */
  readonly card: LoadedModel;
}

/** Where a loaded model runs, and why. A device that failed since it was chosen is told about here. */
export function deviceOf({ decoder, card }: LoadedDecoder): Pick<LoadedModel, 'device' | 'deviceReason'> {
  return { device: decoder.device, deviceReason: decoder.deviceFailure ?? card.deviceReason };
}

/**
 * Opens a model file and makes its decoder ready.
 * @param devices how the device is chosen and its sessions are made
 * @throws {ModelFileError} for the file, {CacheBudgetError} for the plan or its adapter, {DeviceError} for the processor
 */
export async function loadDecoder(
  request: LoadRequest,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: LoadProgress) => void },
  devices: DeviceChoiceOptions = {},
): Promise<LoadedDecoder> {
  const { signal, onProgress } = options;
  const gguf = await openGguf(request.modelPath);
  try {
    onProgress?.({ step: 'header', done: 0 });
    const model = describeModel(gguf);
    const { plan, adapter } = await choosePlan(request, model, gguf);
    const tokenizer = new Tokenizer(gguf);
    const template = new ChatTemplate(tokenizer.vocabulary);
    const choice = await chooseDevice(request.device ?? 'cpu', devices);
    const decoder = await createDecoder(
      { gguf, model, plan, adapter, device: choice.device, createSession: devices.createSession },
      { signal, onProgress: (done) => onProgress?.({ step: 'graph', done }) },
    );
    const card: LoadedModel = {
      name: model.name,
      path: request.modelPath,
      fingerprint: await sampledModelDigest(gguf),
      architecture: model.architecture,
      contextTokens: model.contextTokens,
      policy: plan.policy,
      planIds: await chosenPlanIds(request, model, gguf),
      device: decoder.device,
      deviceReason: decoder.deviceFailure ?? choice.reason,
      layers: model.layers,
      heads: model.heads,
      kvHeads: model.kvHeads,
      headDim: model.headDim,
      distantKeysDropped: distantKeysDropped(plan),
      ...(plan.adapter && { adapter: plan.adapter }),
    };
    const memory = new TextMemory(plan, await openCacheFolder(request.cacheFiles, gguf, plan, decoder.device));
    return { gguf, decoder, tokenizer, template, memory, card };
  } catch (error) {
    gguf.close();
    throw error;
  }
}

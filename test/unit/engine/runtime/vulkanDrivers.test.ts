import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasVulkanDriver } from '../../../../src/engine/runtime/vulkanDrivers.ts';
import { temporaryFiles } from '../../../fixtures/temporaryFiles.ts';

const write = temporaryFiles();
const folder = dirname(write('empty', ''));

describe('finding Vulkan drivers', () => {
  it('looks for manifests where the loader does', () => {
    const environment = { HOME: folder, XDG_CONFIG_DIRS: folder, XDG_DATA_DIRS: `${join(folder, 'none')}:${folder}` };
    expect(hasVulkanDriver(environment)).toBe(false);
    mkdirSync(join(folder, 'vulkan', 'icd.d'), { recursive: true });
    expect(hasVulkanDriver(environment)).toBe(false);
    write('vulkan/icd.d/card.json', '{}');
    expect(hasVulkanDriver(environment)).toBe(true);
  });

  it('believes a variable that names one, when the file is there', () => {
    const named = join(folder, 'software.json');
    expect(hasVulkanDriver({ VK_ICD_FILENAMES: named })).toBe(false);
    write('software.json', '{}');
    expect(hasVulkanDriver({ VK_ICD_FILENAMES: named })).toBe(true);
    expect(hasVulkanDriver({ VK_DRIVER_FILES: named })).toBe(true);
  });
});

import { scenes } from './scenes.ts';

/** Opens the window over a fake main process: `#ask-streaming` and so on name the scene. */
const scene = scenes[location.hash.slice(1)] ?? scenes['shelf'];
if (!scene) throw new Error('The gallery has no scenes.');
Object.defineProperty(window, 'reader', { value: scene.bridge });
await import('../../src/renderer/main.tsx');
await scene.act?.();
document.documentElement.dataset['galleryReady'] = 'true';

import { createContext, use } from 'react';
import type { Stores } from './stores.ts';

export const StoresContext = createContext<Stores | null>(null);

/** The window's stores. Read each with zustand's `useStore` and one selector a field. */
export function useStores(): Stores {
  const stores = use(StoresContext);
  if (!stores) throw new Error('useStores is for components inside <StoresContext>.');
  return stores;
}

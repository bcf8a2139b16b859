import { createContext } from 'react';

/** Where hints are put: inside an open dialog, since nothing outside of it lies above it. */
export const PortalContext = createContext<HTMLElement | null>(null);

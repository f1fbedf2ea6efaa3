import { indexSettings, logSettings } from '@outcry/runtime';

export const indexerSettings = { ...logSettings, ...indexSettings } as const;

/** The versions that everything here is tested with; containers carry the same. */
export const versions = { kafka: '4.1.1', elasticsearch: '9.4.3' } as const;

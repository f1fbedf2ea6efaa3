// Servers that speak the sources' protocols on loopback, for tests of whoever uses a source.
export * from './jetstream/fake.ts';
export * from './mastodon/fake.ts';
export * from './official-status/fake.ts';
export * from './official-status/fake-pages.ts';
export * from './probe/certificate.ts';
export * from './probe/fake.ts';
export * from './reddit/fake.ts';
export * from './x/fake.ts';

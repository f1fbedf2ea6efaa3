// Servers that speak the sources' protocols on loopback, for tests of whoever uses a source.
export * from './jetstream/fake.ts';
export * from './mastodon/fake.ts';

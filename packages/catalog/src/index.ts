export { type Catalog, parseCatalog, type Target } from './catalog.ts';
export { loadCatalog, shippedCatalogPath } from './load.ts';
export { createMatcher, type Matcher, type Mention, type Via } from './matcher.ts';
export { CatalogError, type CatalogProblem } from './positions.ts';
export {
  type AmbiguityRule,
  type Kind,
  kinds,
  type OfficialStatus,
  type Probe,
  type Problem,
  statusKinds,
} from './schema.ts';

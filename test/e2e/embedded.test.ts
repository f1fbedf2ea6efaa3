import { embedded } from '../support/deployment.ts';
import { describeEndToEnd } from '../support/end-to-end.ts';

describeEndToEnd('embedded: one process on SQLite', embedded);

import { distributed } from '../support/deployment.ts';
import { describeEndToEnd } from '../support/end-to-end.ts';
import { describeWithServers } from './require.ts';

describeWithServers('distributed: a process for each stage', (servers) => {
  describeEndToEnd('on Kafka and Elasticsearch', (dataDir) => distributed(dataDir, servers));
});

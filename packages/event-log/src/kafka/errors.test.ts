import {
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
} from 'kafkajs';
import { expect, it } from 'vitest';
import { isRebalancing, protocolType, toEventLogError } from './errors.ts';

const protocol = (type: string) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, retriable: false }));

it('finds the protocol error inside the errors that the driver wraps around it', () => {
  const inner = protocol('INVALID_PRODUCER_EPOCH');
  const retried = new KafkaJSNumberOfRetriesExceeded(inner, { retryCount: 3, retryTime: 1 });
  const wrapped = Object.assign(new KafkaJSNonRetriableError(retried), { cause: retried });
  expect(protocolType(wrapped)).toBe('INVALID_PRODUCER_EPOCH');
  expect(toEventLogError(wrapped)).toMatchObject({ code: 'fenced', retriable: true });
  expect(protocolType(Object.assign(new Error('several'), { errors: [inner] }))).toBe(
    'INVALID_PRODUCER_EPOCH',
  );
  expect(protocolType(new Error('no protocol'))).toBeUndefined();
});

it('says what may be tried again', () => {
  expect(toEventLogError(protocol('MESSAGE_TOO_LARGE'))).toMatchObject({
    code: 'too-large',
    retriable: false,
  });
  expect(toEventLogError(protocol('UNKNOWN_TOPIC_OR_PARTITION'))).toMatchObject({
    code: 'unknown-topic',
    retriable: false,
  });
  expect(toEventLogError(protocol('TOPIC_AUTHORIZATION_FAILED'))).toMatchObject({
    code: 'internal',
    retriable: false,
  });
  expect(toEventLogError(protocol('NOT_LEADER_FOR_PARTITION'))).toMatchObject({
    code: 'unreachable',
    retriable: true,
  });
  expect(toEventLogError(new Error('connect ECONNREFUSED'))).toMatchObject({
    code: 'unreachable',
    retriable: true,
  });
});

it('knows when the group is being divided anew', () => {
  expect(isRebalancing(protocol('REBALANCE_IN_PROGRESS'))).toBe(true);
  expect(isRebalancing(protocol('UNKNOWN_MEMBER_ID'))).toBe(true);
  expect(isRebalancing(new Error('other'))).toBe(false);
});

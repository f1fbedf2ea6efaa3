import type { Check } from '@outcry/contracts';

export type ErrorClass = NonNullable<Check['errorClass']>;
/** What can go wrong before there is an answer to judge. */
export type NetworkErrorClass = Exclude<ErrorClass, 'http_4xx' | 'http_5xx'>;

/** A name or a redirect leads into a private network. */
export class AddressRefused extends Error {
  readonly code = 'address-refused';
}

const dnsCodes = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'ENODATA',
  'ESERVFAIL',
  'ETIMEOUT',
]);
const timeoutCodes = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);
// OpenSSL's words for what is wrong with a certificate, and the alerts of a failed handshake.
const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_|EPROTO|HOSTNAME_MISMATCH)/;
/** What is no HTTP at all. */
const parserCode = /^HPE_/;

/** Sorts an error of the network stack by what it says about the service. */
export function classOfError(error: unknown): { errorClass: NetworkErrorClass; detail: string } {
  // Several addresses were tried: the first failure speaks for all.
  if (error instanceof AggregateError && error.errors.length > 0)
    return classOfError(error.errors[0]);
  const { code = '', message } = error as NodeJS.ErrnoException;
  const detail = [code, message].filter((part) => part !== '' && part !== undefined).join(': ');
  if (dnsCodes.has(code)) return { errorClass: 'dns', detail };
  if (timeoutCodes.has(code)) return { errorClass: 'timeout', detail };
  if (tlsCode.test(code)) return { errorClass: 'tls', detail };
  if (parserCode.test(code)) return { errorClass: 'content', detail };
  return { errorClass: 'connect', detail: detail || String(error) };
}

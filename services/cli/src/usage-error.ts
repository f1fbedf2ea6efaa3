/** The call itself is wrong: exit code 64. */
export class UsageError extends Error {
  readonly code = 'usage';
}

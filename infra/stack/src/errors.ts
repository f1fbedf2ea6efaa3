/**
 * The real servers cannot be had on this machine: no suitable JDK, no Maven, a download that failed.
 * The message is one sentence that says what is missing.
 */
export class StackUnavailable extends Error {
  override readonly name = 'StackUnavailable';
}

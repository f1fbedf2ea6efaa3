/**
 * What a step makes of one record. `drop` is a decision (nothing to do), `dead-letter` a record that
 * cannot be understood; both carry a short reason that is counted. A step never throws for a bad
 * record: what it throws is a fault of ours and stops the process.
 */
export type StepResult<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'drop'; reason: string }
  | { kind: 'dead-letter'; reason: string; detail: string };

export function ok<T>(value: T): StepResult<T> {
  return { kind: 'ok', value };
}

export function drop(reason: string): StepResult<never> {
  return { kind: 'drop', reason };
}

export function deadLetter(reason: string, detail: string): StepResult<never> {
  return { kind: 'dead-letter', reason, detail };
}

export type Step<In, Out> = (input: In) => StepResult<Out>;

/**
 * Runs `second` on what `first` lets through. Not called `then`: a module that exports that name is
 * taken for a promise by whoever imports it dynamically, and never arrives.
 */
export function chain<A, B, C>(first: Step<A, B>, second: Step<B, C>): Step<A, C> {
  return function composed(input) {
    const result = first(input);
    return result.kind === 'ok' ? second(result.value) : result;
  };
}

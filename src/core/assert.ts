/** Bugs end here: an invariant that does not hold fails loudly, at the place where it was first seen. */

/** Throws when `condition` is false: the program, not its caller, is wrong. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}

/** Ends a switch over a closed union; a case that is not handled does not compile. */
export function unreachable(value: never): never {
  throw new Error(`invariant broken: no case for ${JSON.stringify(value)}`);
}

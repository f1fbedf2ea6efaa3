/**
 * How many partitions of a topic a member may hold: all members agree, because each computes it
 * from the same sorted list. The oldest members get one more when it does not divide evenly.
 * `turn` moves that extra one along, so that it is not always the same member for every topic.
 */
export function quota(
  member: string,
  members: readonly string[],
  partitions: number,
  turn: number,
): number {
  const sorted = [...members].sort();
  const rank = sorted.indexOf(member);
  if (rank < 0) return 0;
  const turned = (rank + turn) % sorted.length;
  return Math.floor(partitions / sorted.length) + (turned < partitions % sorted.length ? 1 : 0);
}

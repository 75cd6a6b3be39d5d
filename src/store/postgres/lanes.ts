/**
 * Fair turns, as over SQLite: a lane is a channel with something pending or claimed, and its `due_at` says when to look at it next; none of its
 * deliveries is due before its `first_at`. Whoever claims from a lane locks its row first and reads what is due after that; whoever makes something
 * due wakes the lane in its own transaction. So the one sees the other, and what is made due while a claim is under way is not slept over.
 */

/** Behind an insert of lanes: one that is there is woken. Its row is locked even if it stays as it is. */
export const wakeLanes = `on conflict (org, channel_key) do update
  set due_at = least(lanes.due_at, excluded.due_at), first_at = least(lanes.first_at, excluded.first_at)
  where lanes.due_at > excluded.due_at or lanes.first_at > excluded.first_at`;

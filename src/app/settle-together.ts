/** Settlements that wait for the same batch go as one command, so that the store ends them all with one statement. */
import type { Output } from "./commands.ts";
import type { Queue, Waiting } from "./lane.ts";

/** Adds settlements to those that wait in the queue, as far as there are any; false: it is left as it is. */
export function joinSettling(queue: Queue, added: Waiting): boolean {
  const place = queue.findIndex(({ job }) => job.name === "dispatch.settle");
  const before = queue[place];
  if (before?.job.name !== "dispatch.settle" || added.job.name !== "dispatch.settle") return false;
  const { settlements } = before.job.input;
  queue[place] = {
    job: { name: "dispatch.settle", input: { settlements: [...settlements, ...added.job.input.settlements] } },
    resolve: (output) => {
      // Of one command comes the output of its kind.
      const held = output as Output<"dispatch.settle">;
      before.resolve(held.slice(0, settlements.length));
      added.resolve(held.slice(settlements.length));
    },
    reject: (reply) => {
      before.reject(reply);
      added.reject(reply);
    },
  };
  return true;
}

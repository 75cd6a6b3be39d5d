/** What the system tells of a process: memory and processor time. Linux only; elsewhere there is nothing to read. */
import { existsSync, readFileSync } from "node:fs";

/** Clock ticks a second in /proc, on every Linux that Node runs on. */
const ticksPerSecond = 100;

export const hasProcessFigures = existsSync("/proc/self/status");

/** Resident memory now, and the most there ever was, in MB. */
export function memoryMb(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1_024;
  return { now: megabytes("VmRSS"), most: megabytes("VmHWM") };
}

/** Processor time that the process has used, in ms. */
export function processorMs(pid: number): number {
  return usedMs(statOf(`/proc/${pid}/stat`));
}

/** The same of its first thread, on which its program runs; workers and the runtime's own threads are the rest. */
export function mainThreadMs(pid: number): number {
  return usedMs(statOf(`/proc/${pid}/task/${pid}/stat`));
}

/** The same of the process, the children that run, and those that have ended. */
export function familyMs(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const running = children.filter((child) => child !== "").map((child) => runningMs(Number(child)));
  const own = statOf(`/proc/${pid}/stat`);
  return usedMs(own) + ticksMs(own, 13) + ticksMs(own, 14) + running.reduce((sum, ms) => sum + ms, 0);
}

function runningMs(pid: number): number {
  try {
    return processorMs(pid);
  } catch {
    // Expected: it ended since, and is counted with those that have.
    return 0;
  }
}

/** Bytes that the process had written to disks. */
export function writtenBytes(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}

/** What stands behind the name, which is in brackets and may hold anything. */
function statOf(file: string): readonly string[] {
  const stat = readFileSync(file, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** User and system time are the 12th and 13th; those of the children that ended come behind them. */
function usedMs(stat: readonly string[]): number {
  return ticksMs(stat, 11) + ticksMs(stat, 12);
}

function ticksMs(stat: readonly string[], field: number): number {
  return (Number(stat[field]) * 1_000) / ticksPerSecond;
}

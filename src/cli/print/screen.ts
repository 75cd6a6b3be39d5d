/** What is known of the terminal besides its colours: how wide it is, and whether a line may be written over while work goes on. */

export type Screen = {
  /** Columns of stdout; null: no terminal, and nothing is cut. */
  readonly columns: number | null;
  /** Puts a text in place of the one before on the last line of stderr; null: stderr is no terminal. The empty text clears it. */
  readonly overwrite: ((text: string) => void) | null;
};

const columnsUnknown = 80;
const clearLine = "\r\u001B[2K";

export function processScreen(): Screen {
  const { stdout, stderr } = process;
  // A terminal that was never told its size says 0.
  const columnsOf = (stream: { readonly columns?: number }): number => (stream.columns ?? 0) || columnsUnknown;
  return {
    columns: stdout.isTTY ? columnsOf(stdout) : null,
    overwrite: stderr.isTTY ? (text) => void stderr.write(`${clearLine}${text.slice(0, columnsOf(stderr) - 1)}`) : null,
  };
}

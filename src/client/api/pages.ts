/** A list of the admin API: page by page, or row by row over all pages. */

export type Page<Row> = { readonly rows: readonly Row[]; readonly nextCursor: string | null };

export type Pages<Row> = AsyncIterable<Row> & {
  /** The first page, or the one that a `nextCursor` leads to. */
  readonly page: (cursor?: string | null) => Promise<Page<Row>>;
};

export function pagesOf<Row>(fetchPage: (cursor: string | null) => Promise<Page<Row>>): Pages<Row> {
  return {
    page: (cursor = null) => fetchPage(cursor),
    async *[Symbol.asyncIterator]() {
      let cursor: string | null = null;
      do {
        const { rows, nextCursor }: Page<Row> = await fetchPage(cursor);
        yield* rows;
        cursor = nextCursor;
      } while (cursor !== null);
    },
  };
}

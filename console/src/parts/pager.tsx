/** From page to page by cursor. The cursor stands in the address, so a page can be reloaded, and back works. */
import { Link } from "../routing/link.tsx";
import { Row } from "./layout.tsx";
import { Empty } from "./states.tsx";

export type PagerProps = {
  readonly cursor: string;
  readonly nextCursor: string | null;
  /** The address of the page at the cursor. */
  readonly placeAt: (cursor: string) => string;
  readonly words?: { readonly first: string; readonly next: string };
};

export function Pager({ cursor, nextCursor, placeAt, words = { first: "Newest", next: "Older" } }: PagerProps) {
  if (cursor === "" && nextCursor === null) return null;
  return (
    <nav aria-label="Pages">
      <Row isSpread>
        {cursor === "" ? <span className="wp-faint">{words.first}</span> : <Link to={placeAt("")}>← {words.first}</Link>}
        {nextCursor === null ? <span className="wp-faint">That is all.</span> : <Link to={placeAt(nextCursor)}>{words.next} →</Link>}
      </Row>
    </nav>
  );
}

/** In place of a table: the server has looked through a part of its history, found nothing there, and there is more. */
export function NoneSoFar(pager: PagerProps) {
  return (
    <>
      <Empty title="None so far">What was looked through holds nothing that is like that. There is more behind it.</Empty>
      <Pager {...pager} />
    </>
  );
}

/** A deleted record as `GET /{Module}/deleted` tells of it (PROTOCOL F.1, Deleted records). */
import type { Id } from "../core/ids.ts";
import type { UserRef } from "../core/written.ts";
import { writeDateTime } from "./datetime.ts";
import type { Json } from "./json.ts";

export type DeletedRecordView = {
  readonly id: Id;
  /** In the bin, or gone from it too. */
  readonly type: "recycle" | "permanent";
  /** These three are null of a record that the bin has let go. */
  readonly name: string | null;
  readonly deletedBy: UserRef | null;
  readonly createdBy: UserRef | null;
  readonly deletedAt: number;
  /** IANA name. */
  readonly timeZone: string;
};

export function renderDeleted(deleted: DeletedRecordView): Json {
  return {
    deleted_by: renderRef(deleted.deletedBy),
    id: deleted.id,
    display_name: deleted.name,
    type: deleted.type,
    created_by: renderRef(deleted.createdBy),
    deleted_time: writeDateTime(deleted.deletedAt, deleted.timeZone),
  };
}

function renderRef(user: UserRef | null): Json {
  return user === null ? null : { name: user.name, id: user.id };
}

/** What an answer says about a record that was written, or that was found changed (PROTOCOL F.1). */
import type { WrittenRecord } from "../core/written.ts";
import { writeDateTime } from "./datetime.ts";
import type { Json } from "./json.ts";

/** Who made and changed the record, and when; times in the IANA zone `timeZone`. */
export function writtenDetails(written: WrittenRecord, timeZone: string): { readonly [key: string]: Json } {
  return {
    Modified_Time: writeDateTime(written.modifiedAt, timeZone),
    Modified_By: { name: written.modifiedBy.name, id: written.modifiedBy.id },
    Created_Time: writeDateTime(written.createdAt, timeZone),
    id: written.id,
    Created_By: { name: written.createdBy.name, id: written.createdBy.id },
  };
}

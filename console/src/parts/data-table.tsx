/** A table that becomes a list of cards on a phone. The roles are said, since `display: block` would take them away. */
import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import css from "./data-table.module.css";

export type Column<Row> = {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  readonly kind?: "text" | "number" | "keep";
};

export type DataTableProps<Row> = {
  /** What the rows are, for those who do not see the page. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
};

export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    <div className={css["frame"]}>
      <table className={css["table"]} role="table">
        <caption>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ name, kind = "text" }) => (
              <th key={name} role="columnheader" scope="col" className={css[kind]}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row">
              {columns.map(({ name, cell, kind = "text" }) => (
                <td key={name} role="cell" data-label={name} className={css[kind]}>
                  <div>{cell(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

"use client";

import { useEffect, useRef } from "react";
import type { RowChoice } from "./data-table-props.ts";

const boxStyle = "block size-4 cursor-pointer accent-(--accent)";

/** The box before a row. The browser's own: a table has hundreds. */
export function RowBox<Row>({ row, rowKey, choice }: { row: Row; rowKey: string; choice: RowChoice<Row> }) {
  return (
    <td className="w-9 pr-0 pl-4">
      <label className="-m-2 block p-2">
        <input
          type="checkbox"
          aria-label={choice.label(row)}
          className={boxStyle}
          checked={choice.chosen.has(rowKey)}
          onChange={(event) => choice.onChoose([row], event.target.checked)}
        />
      </label>
    </td>
  );
}

interface AllRowsBoxProps<Row> {
  rows: readonly Row[];
  keys: readonly string[];
  choice: RowChoice<Row>;
}

/** The box of all rows shown; half ticked while only some are chosen. */
export function AllRowsBox<Row>({ rows, keys, choice }: AllRowsBoxProps<Row>) {
  const box = useRef<HTMLInputElement>(null);
  const count = keys.filter((key) => choice.chosen.has(key)).length;
  const all = rows.length > 0 && count === rows.length;
  const some = count > 0 && !all;
  useEffect(() => {
    if (box.current) box.current.indeterminate = some;
  }, [some]);
  return (
    <th scope="col" className="w-9 pr-0 pl-4 shadow-[inset_0_-1px_0_var(--hairline)]">
      <label className="-m-2 block p-2">
        <input
          ref={box}
          type="checkbox"
          aria-label="Select all rows shown"
          className={boxStyle}
          checked={all}
          onChange={() => choice.onChoose(rows, !all)}
        />
      </label>
    </th>
  );
}

"use client";

/**
 * <Sheet open={row !== null} onClose={close} title="Session 4711" onPrevious={…} onNext={…}>…</Sheet>
 * A side sheet over the page, which stays usable behind it. Esc closes; ← and → go to the row before and after.
 */
import dynamic from "next/dynamic";
import { useState } from "react";
import { loadCode } from "@/lib/client/load-code.ts";
import type { SheetProps } from "./sheet-props.ts";

const SheetBox = dynamic(() => loadCode(() => import("./sheet-box.tsx")).then((module) => module.SheetBox), {
  ssr: false,
});

/** Its code is loaded when the first one opens. */
export function Sheet(props: SheetProps) {
  const [used, setUsed] = useState(props.open);
  if (props.open && !used) setUsed(true);
  return used ? <SheetBox {...props} /> : null;
}

/** The rows before and after the open one, for `onPrevious` and `onNext`. */
export function neighbours<Row>(
  rows: readonly Row[],
  isOpen: (row: Row) => boolean,
  open: (row: Row) => void,
) {
  const at = rows.findIndex(isOpen);
  const before = at > 0 ? rows[at - 1] : undefined;
  const after = at >= 0 ? rows[at + 1] : undefined;
  return {
    onPrevious: before === undefined ? undefined : () => open(before),
    onNext: after === undefined ? undefined : () => open(after),
  };
}

"use client";

/**
 * <Dialog open={open} onOpenChange={setOpen} title="New token" description="…" footer={<Button…/>}>…</Dialog>
 * `locked` keeps it open while something is pending. `size`: sm 420, md 560, lg 800, full.
 */
import dynamic from "next/dynamic";
import { useState } from "react";
import { loadCode } from "@/lib/client/load-code.ts";
import type { DialogProps } from "./dialog-props.ts";

const DialogBox = dynamic(
  () => loadCode(() => import("./dialog-box.tsx")).then((module) => module.DialogBox),
  {
    ssr: false,
  },
);

/** Its code is loaded when the first one opens. */
export function Dialog(props: DialogProps) {
  const [used, setUsed] = useState(props.open);
  if (props.open && !used) setUsed(true);
  return used ? <DialogBox {...props} /> : null;
}

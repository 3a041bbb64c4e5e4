"use client";

import { FileUp, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { loadCode } from "@/lib/client/load-code.ts";
import { usePageCommands } from "@/lib/client/page-commands.ts";

const IntakeDialog = dynamic(
  () => loadCode(() => import("./intake-dialog.tsx")).then((m) => m.IntakeDialog),
  {
    ssr: false,
  },
);
const ImportDialog = dynamic(
  () => loadCode(() => import("./import-dialog.tsx")).then((m) => m.ImportDialog),
  {
    ssr: false,
  },
);

/** How a request comes in by hand: one by a form, several by a file. */
export function IntakeButtons() {
  const [open, setOpen] = useState<"form" | "file" | null>(null);
  const close = () => setOpen(null);
  usePageCommands([
    { label: "Take in a request", run: () => setOpen("form") },
    { label: "Import requests from a CSV file", run: () => setOpen("file") },
  ]);
  return (
    <>
      <Button icon={<FileUp />} onClick={() => setOpen("file")}>
        Import CSV
      </Button>
      <Button variant="primary" icon={<Plus />} onClick={() => setOpen("form")}>
        Take in a request
      </Button>
      {open === "form" && <IntakeDialog onClose={close} />}
      {open === "file" && <ImportDialog onClose={close} />}
    </>
  );
}

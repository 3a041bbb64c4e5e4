"use client";

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";

/** Makes every process forget the answers of a topic or a statement. */
export function DropButton({ tag }: { tag: string }) {
  const target = useTarget();
  const drop = useAdminAction("dropAnswers", { done: `Answers of ${tag} are dropped in every process` });
  return (
    <Button
      size="sm"
      variant="ghost"
      aria-label={`Drop answers of ${tag}`}
      pending={drop.pending}
      onClick={() => void drop.run({ target, tag })}
    >
      Drop
    </Button>
  );
}

/** The same for all answers of the target, asked first. */
export function DropAll() {
  const target = useTarget();
  const [open, setOpen] = useState(false);
  const drop = useAdminAction("dropAnswers", {
    done: ({ entriesShared }) =>
      `All answers of ${target} are dropped in every process${entriesShared === null ? "" : `, ${formatNumber(entriesShared)} of them in Redis`}`,
    toastErrors: false,
  });
  return (
    <>
      <Button size="sm" icon={<Trash2 />} onClick={() => setOpen(true)}>
        Drop all
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          drop.clearError();
          setOpen(next);
        }}
        title={`Drop all answers of ${target}`}
        verb="Drop all answers"
        dangerous={false}
        pending={drop.pending}
        problem={drop.error && [drop.error.message, drop.error.hint].filter(Boolean).join(" ")}
        onConfirm={async () => (await drop.run({ target, all: true })) !== null}
      >
        Every process forgets what it keeps of {target}, and Redis with them. Nothing is lost: each answer is
        read from the audit database again when somebody asks, so expect a short rise of its load.
      </ConfirmDialog>
    </>
  );
}

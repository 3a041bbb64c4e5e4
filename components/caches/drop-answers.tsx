"use client";

import { Trash2 } from "lucide-react";
import { createContext, type ReactNode, useContext, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import type { Dropped } from "@/lib/answers/drop-answers-job.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { formatNumber } from "@/lib/client/format.ts";
import { useJobAction } from "@/lib/client/use-job-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";

const DropTag = createContext<{ run(tag: string): void; pending: string | null }>({
  run() {},
  pending: null,
});

/** Around the table: a button goes with its row as soon as the answers are gone, and somebody must tell of it. */
export function DropTags({ children }: { children: ReactNode }) {
  const target = useTarget();
  const [tag, setTag] = useState<string | null>(null);
  const drop = useJobAction<Dropped>("dropAnswers", {
    done: ({ which }) => `Answers of ${which} are dropped in every process`,
  });
  const run = (chosen: string) => {
    setTag(chosen);
    void drop.run({ target, tag: chosen });
  };
  return <DropTag value={{ run, pending: drop.pending ? tag : null }}>{children}</DropTag>;
}

/** Makes every process forget the answers of a topic or a statement. */
export function DropButton({ tag }: { tag: string }) {
  const { run, pending } = useContext(DropTag);
  return (
    <Button
      size="sm"
      variant="ghost"
      aria-label={`Drop answers of ${tag}`}
      pending={pending === tag}
      disabled={pending !== null && pending !== tag}
      onClick={() => run(tag)}
    >
      Drop
    </Button>
  );
}

/** The same for all answers of the target, asked first. @param any whether there are answers to drop */
export function DropAll({ any }: { any: boolean }) {
  const target = useTarget();
  const [open, setOpen] = useState(false);
  const drop = useJobAction<Dropped>("dropAnswers", {
    done: ({ entriesShared }) =>
      `All answers of ${target} are dropped in every process${entriesShared === null ? "" : `, ${formatNumber(entriesShared)} of them in Redis`}`,
  });
  return (
    <>
      {any && (
        <Button size="sm" icon={<Trash2 />} pending={drop.pending} onClick={() => setOpen(true)}>
          Drop all
        </Button>
      )}
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
        problem={errorWords(drop.error)}
        onConfirm={async () => (await drop.run({ target, all: true })) !== null}
      >
        Every process forgets what it keeps of {target}, and Redis with them. Nothing is lost: each answer is
        read from the audit database again when somebody asks, so expect a short rise of its load.
      </ConfirmDialog>
    </>
  );
}

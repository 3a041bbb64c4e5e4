"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import type { AdminOutput } from "@/lib/admin.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useKeptHref } from "@/lib/client/url-state.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useFieldProblems } from "@/lib/client/use-field-problems.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { emptyIntake, intakeOf } from "./intake-draft.ts";
import { IntakeFields, intakePaths } from "./intake-fields.tsx";
import { IntakeTold } from "./intake-told.tsx";
import { requestPath } from "./request-words.ts";

/** A request while it is written down. Who asks is sealed with its own key before anything is kept. */
export function IntakeDialog({ onClose }: { onClose: () => void }) {
  const id = useId();
  const zone = useTimeZone();
  const router = useRouter();
  const keep = useKeptHref();
  const target = useTarget();
  const [draft, setDraft] = useState(emptyIntake);
  const [opened, setOpened] = useState<AdminOutput<"openRequest"> | null>(null);
  const open = useAdminAction("openRequest", {
    toastErrors: false,
    done: ({ number }) => `Request #${number} is taken in`,
  });
  const { form, problemAt, rest } = useFieldProblems(open.error, intakePaths);
  const input = intakeOf(draft, zone);
  const lead = (number: number) => {
    onClose();
    router.push(keep(requestPath(target, number)));
  };
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!input || open.pending) return;
    const made = await open.run(input);
    if (!made) return;
    if (made.duplicates.length > 0 || made.earlier) setOpened(made);
    else lead(made.number);
  }
  if (opened)
    return (
      <Dialog
        open
        onOpenChange={(next) => !next && onClose()}
        title={`Request #${opened.number} is taken in`}
        footer={
          <>
            <Button onClick={onClose}>Close</Button>
            <Button variant="primary" onClick={() => lead(opened.number)}>
              Open request #{opened.number}
            </Button>
          </>
        }
      >
        <IntakeTold {...opened} />
      </Dialog>
    );
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title="Take in a request"
      description="Who asks is sealed under a key of this request alone; lists, logs and messages name it by its number."
      size="lg"
      locked={open.pending}
      footer={
        <>
          <Button onClick={onClose} disabled={open.pending}>
            Cancel
          </Button>
          <Button type="submit" form={id} variant="primary" pending={open.pending} disabled={!input}>
            Take in request
          </Button>
        </>
      }
    >
      <form ref={form} id={id} onSubmit={submit} noValidate className="grid gap-6">
        <IntakeFields
          draft={draft}
          problemAt={problemAt}
          onChange={(to) => {
            open.clearError();
            setDraft((last) => ({ ...last, ...to }));
          }}
        />
        {rest && (
          <p role="alert" className="text-sm text-critical">
            {rest}
          </p>
        )}
      </form>
    </Dialog>
  );
}
